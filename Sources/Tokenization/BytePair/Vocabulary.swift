/// What a byte-pair tokenizer knows, whichever file it came from.
///
/// SentencePiece writes a space as `▁` in its pieces. Here pieces hold the bytes that they stand for, so that text is
/// looked up as it is, and a `▁` that really stands in a text is spelt in bytes rather than lost.
final class Vocabulary: Sendable {
  /// Which of two pairs of neighbours is joined first.
  enum Merging: Sendable {
    /// The pairs of ids that are joined: rank << 32 | resulting id.
    case ranked(IntegerTable)
    /// Any two neighbours that make a piece are joined; the place of each id in the order of falling score.
    case scored([UInt32])
  }

  /// By id; ordinary pieces are found by their bytes.
  let pieces: PieceTable
  let merging: Merging
  let added: AddedTokens
  let rules: TextRules
  /// Symbols are bytes (GPT-2's line) rather than characters (SentencePiece's).
  let isByteLevel: Bool
  /// The token of a single byte; -1 where there is none.
  let byteIDs: [Int32]
  /// What stands for a character that can be spelt in no other way.
  let unknown: Int32?
  /// A run of unknown characters is one token.
  let fusesUnknown: Bool
  /// Control tokens behind which a dialogue's white space is left out, as the `tokenizers` library does (`rstrip`).
  let swallowing: Set<Int32>
  /// By id: matched in the text as it stands, so that what follows is text of its own.
  private let isAddedByID: [Bool]

  init(
    _ built: VocabularyBuilder, merging: Merging, rules: TextRules, unknown: Int32?, fusesUnknown: Bool = false
  ) {
    pieces = built.pieces
    self.merging = merging
    added = AddedTokens(built.added)
    self.rules = rules
    isByteLevel = built.isByteLevel
    byteIDs = built.byteIDs
    self.unknown = unknown
    self.fusesUnknown = fusesUnknown
    swallowing = built.swallowing
    isAddedByID = built.kinds.map { [.added, .word, .control].contains($0) }
  }

  /// The id of a symbol from which merging starts; -1 where there is none.
  func symbol(_ bytes: ArraySlice<UInt8>) -> Int32 {
    isByteLevel ? byteIDs[Int(bytes[bytes.startIndex])] : pieces.id(of: bytes) ?? -1
  }

  /// Whether anything stands for bytes that no piece covers.
  func spells(_ bytes: ArraySlice<UInt8>) -> Bool { unknown != nil || bytes.allSatisfy { byteIDs[Int($0)] >= 0 } }

  /// Appends bytes that no piece covers: one token a byte, else the unknown token, else nothing.
  ///
  /// - Parameter start: where the tokens of the word begin.
  func spell(_ bytes: ArraySlice<UInt8>, to tokens: inout [Int32], from start: Int) {
    if bytes.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
      for byte in bytes { tokens.append(byteIDs[Int(byte)]) }
    } else if let unknown, !(fusesUnknown && tokens[start...].last == unknown) {
      tokens.append(unknown)
    }
  }

  /// Whether the id is matched in the text as it stands.
  func isAdded(_ id: Int32) -> Bool { isAddedByID.indices.contains(Int(id)) && isAddedByID[Int(id)] }

  /// Whether text behind `previous` begins with the space that is not there.
  func hasPrefix(after previous: Int32?) -> Bool {
    switch rules.prefix {
    case .never: false
    case .first: previous == nil
    case .always: previous.map(isAdded) ?? true
    }
  }
}
