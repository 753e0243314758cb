/// The tokenizer of a pretrained model: byte-pair encoding as Llama, Qwen and Gemma use it, read from Hugging Face's
/// `tokenizer.json` or from the metadata of a GGUF file. Ids are those of the `tokenizers` library and of llama.cpp.
///
/// It differs from them where they would lose or forge something:
/// - Any bytes come back exactly, where the vocabulary has a token for every byte: bytes that are not UTF-8, a `▁` that
///   stands in the text, a space at its start. Only a model whose own rules compose text (NFC: Qwen) changes it so.
/// - Control tokens are never made of ordinary text, even where merging could reach them.
///
/// The tags of the tool protocol are ordinary text to a pretrained model: `SpecialTokens.tags` recognises what `.none` does.
package struct BytePairTokenizer: Tokenizer {
  let vocabulary: Vocabulary
  /// The id that a document begins with, where the model wants one.
  package var beginning: Int32? { addsBeginning ? beginningID : nil }
  let beginningID: Int32?
  let addsBeginning: Bool
  /// The id that ends a document.
  package let endOfText: Int32
  package let padding: Int32
  package private(set) var endOfTurn: Int32
  /// How a dialogue is written; `using(_:)` makes a tokenizer with another one.
  package private(set) var chatFormat: ChatFormat
  /// Whether the model came with a template of its dialogues.
  package let hasChatTemplate: Bool

  /// - Parameter chosen: the chat format to use whatever the template says.
  /// - Throws: a `ModelError` when the template is of no known format and none is chosen, or the vocabulary lacks a mark.
  init(
    vocabulary: Vocabulary, documents: DocumentTokens, chatTemplate: String?, chosen: ChatFormat.Family? = nil
  ) throws {
    self.vocabulary = vocabulary
    beginningID = documents.beginning
    addsBeginning = documents.addsBeginning
    endOfText = documents.end
    padding = documents.padding
    hasChatTemplate = chatTemplate != nil
    let written = chatTemplate.map { ChatFormat(template: $0) }
    if let chosen {
      // A template of the chosen format may say more than its name.
      chatFormat = written.flatMap { $0 }.flatMap { $0.family == chosen ? $0 : nil } ?? ChatFormat(chosen)
    } else if let written {
      guard let written else {
        throw ModelError(
          "its chat template is of no known format. Choose one with --chat-format (in an experiment file: chatFormat): "
            + "\(ChatFormat.Family.names).")
      }
      chatFormat = written
    } else {
      chatFormat = ChatFormat(isSpecial: { vocabulary.added.id(of: $0.utf8) != nil })
    }
    endOfTurn = documents.end
    endOfTurn = try endOfTurn(in: chatFormat)
  }

  package var vocabularySize: Int { vocabulary.pieces.count }

  /// The id of a control token, or of another token that is matched as it stands; `nil` when it is neither.
  package func special(_ name: String) -> Int32? { vocabulary.added.id(of: name.utf8) }

  package func encode(bytes: some Collection<UInt8>, specials: SpecialTokens, after previous: Int32?) -> [Int32] {
    let text = Array(bytes)
    var encoder = TextEncoder(vocabulary: vocabulary, after: previous)
    var start = 0
    for match in vocabulary.added.matches(in: text, control: specials == .all) {
      encoder.append(text[start..<match.range.lowerBound])
      encoder.append(match.id)
      start = match.range.upperBound
    }
    encoder.append(text[start...])
    return encoder.tokens
  }

  package func decode(bytes tokens: some Collection<Int32>, after previous: Int32?) -> [UInt8] {
    var bytes: [UInt8] = []
    var hasPrefix = vocabulary.hasPrefix(after: previous)
    for token in tokens where (0..<Int32(vocabularySize)).contains(token) {
      let piece = vocabulary.pieces[token]
      let isAdded = vocabulary.isAdded(token)
      bytes += hasPrefix && !isAdded && piece.first == UInt8(ascii: " ") ? piece.dropFirst() : piece
      hasPrefix = isAdded && vocabulary.hasPrefix(after: token)
    }
    return bytes
  }

  /// The same tokenizer with another chat format.
  ///
  /// - Throws: a `ModelError` when the vocabulary lacks one of its marks.
  package func using(_ format: ChatFormat) throws -> BytePairTokenizer {
    var tokenizer = self
    tokenizer.chatFormat = format
    tokenizer.endOfTurn = try endOfTurn(in: format)
    return tokenizer
  }

  private func endOfTurn(in format: ChatFormat) throws -> Int32 {
    for mark in format.family.marks where special(mark) == nil {
      throw ModelError("The vocabulary has no '\(mark)', which the chat format \(format.family.rawValue) needs.")
    }
    return format.family.endOfTurn.flatMap(special) ?? endOfText
  }
}
