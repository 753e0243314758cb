import Foundation
import LanguageModels
import Testing

@testable import Tokenization

/// A tokenizer of each kind, with tokens that end a stop string and go on behind it.
enum StopVocabulary: String, CaseIterable, CustomTestStringConvertible {
  case words, byteLevel, sentencePiece, sentencePieceWithPrefix

  static let stop = Array("</bash>".utf8)

  /// What a token may hold behind the stop string.
  static let surpluses: [[UInt8]] =
    [
      "", "\n", "\n\n", "<", "</", "</cot>", " ", " then look", "字", "</bash>", "</bash>\n", "\n<bash>ls", "<stdout>\n",
    ].map { Array($0.utf8) } + [[0xC3], Array("🙂".utf8.prefix(2)), [0xFF]]

  var testDescription: String { rawValue }

  /// The tokens that this kind of vocabulary can have among `surpluses`: pieces of SentencePiece are characters, and the
  /// seedling's hold no letters.
  func canHold(_ piece: [UInt8]) -> Bool {
    switch self {
    case .words:
      String(validating: piece, as: UTF8.self) != nil && !piece.contains(where: \.isWordByte) && piece.count > 1
    case .byteLevel: true
    case .sentencePiece, .sentencePieceWithPrefix: String(validating: piece, as: UTF8.self) != nil
    }
  }

  /// Every end of the stop string with every surplus, as far as the vocabulary can have it as one token.
  private var pieces: [[UInt8]] {
    var known: Set<[UInt8]> = []
    return Self.stop.indices.flatMap { cut in Self.surpluses.map { Self.stop[cut...] + $0 } }
      .filter { $0.count > 1 && canHold($0) && known.insert($0).inserted }
  }

  func tokenizer() throws -> any Tokenizer {
    switch self {
    case .words:
      WordTokenizer(
        words: ["look", "in", "the", "garden", "rose"], separators: pieces.map { String(decoding: $0, as: UTF8.self) })
    case .byteLevel: try bytePairs("qwen2", marks: #"{"eos_token":"<|im_end|>","pad_token":"<|endoftext|>"}"#)
    case .sentencePiece:
      try bytePairs("gemma", marks: #"{"bos_token":"<bos>","eos_token":"<eos>","pad_token":"<pad>"}"#)
    case .sentencePieceWithPrefix: try bytePairs("llama2", marks: #"{"bos_token":"<s>","eos_token":"</s>"}"#)
    }
  }

  /// The fixture of `TokenizationTests` with the pieces added: no merge makes them, as in a real vocabulary most ways to
  /// spell a text are not those that the encoder takes.
  private func bytePairs(_ fixture: String, marks: String) throws -> BytePairTokenizer {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TokenizationTests/Fixtures/\(fixture).json")
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    var model = try #require(json["model"] as? [String: Any])
    var vocabulary = try #require(model["vocab"] as? [String: Int])
    let added = (json["added_tokens"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
    var next = (vocabulary.values + added).max().map { $0 + 1 } ?? 0
    for piece in pieces.map(spelt) where vocabulary[piece] == nil {
      vocabulary[piece] = next
      next += 1
    }
    model["vocab"] = vocabulary
    json["model"] = model
    return try BytePairTokenizer(
      json: Array(JSONSerialization.data(withJSONObject: json)), configuration: Array(marks.utf8))
  }

  /// A piece as its file writes it.
  private func spelt(_ piece: [UInt8]) -> String {
    if self != .byteLevel { return String(decoding: piece, as: UTF8.self).replacing(" ", with: "▁") }
    let letters = (UInt32(0)..<0x144).compactMap { code -> (UInt8, Character)? in
      guard let scalar = Unicode.Scalar(code) else { return nil }
      return ByteAlphabet.decode(String(scalar)).map { ($0[0], Character(scalar)) }
    }
    let alphabet = Dictionary(uniqueKeysWithValues: letters)
    return String(piece.compactMap { alphabet[$0] })
  }
}

/// A tokenizer with the token of every text that is one.
struct Speller {
  let vocabulary: StopVocabulary
  let tokenizer: any Tokenizer
  private var ids: [[UInt8]: Int32] = [:]

  init(_ vocabulary: StopVocabulary) throws {
    self.vocabulary = vocabulary
    tokenizer = try vocabulary.tokenizer()
    // Behind a bracket nothing is left out or put in.
    let bracket = tokenizer.encode(">", specials: .none, after: nil).last
    for id in 0..<Int32(tokenizer.vocabularySize) where id != tokenizer.endOfTurn {
      let bytes = tokenizer.decode(bytes: [id], after: bracket)
      if ids[bytes] == nil { ids[bytes] = id }
    }
  }

  /// One token for each byte.
  func spell(_ text: String) throws -> [Int32] { try text.utf8.map { try #require(ids[[$0]]) } }

  /// All ways to write `</bash>` that the vocabulary has.
  var stops: [StopSpelling] {
    StopVocabulary.stop.indices.flatMap { cut in
      StopVocabulary.surpluses.compactMap { surplus in
        ids[StopVocabulary.stop[cut...] + surplus].map { StopSpelling(cut: cut, surplus: surplus, last: $0) }
      }
    }
  }

  /// `text`, then the stop string.
  func spell(_ text: String, _ stop: StopSpelling) throws -> [Int32] {
    try spell(text + String(decoding: StopVocabulary.stop[..<stop.cut], as: UTF8.self)) + [stop.last]
  }
}

/// A way to write `</bash>`: the first bytes one by one, then one token with the rest and a surplus.
struct StopSpelling: CustomTestStringConvertible {
  /// How many bytes of the stop string stand before the last token.
  let cut: Int
  let surplus: [UInt8]
  let last: Int32

  var testDescription: String { "\(cut) \(String(decoding: surplus, as: UTF8.self).debugDescription)" }
}
