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
  /// Further tokens that end a turn, by the model's own settings.
  private let otherEnds: [Int32]
  /// How a dialogue is written where there is no template; `using(_:)` makes a tokenizer with another one.
  private(set) var chatFormat: ChatFormat
  /// The model's own template, which writes its dialogues.
  private(set) var chatTemplate: ChatTemplate?
  /// Whether the model came with a template, used or not.
  package let hasChatTemplate: Bool
  /// Marks of the template that are no tokens but text.
  private(set) var templateMarks: [String] = []

  /// - Parameter chosen: the chat format to use in place of the template.
  /// - Throws: a `ModelError` when the template cannot be used and no format is chosen, or the vocabulary lacks a mark.
  init(
    vocabulary: Vocabulary, documents: DocumentTokens, chatTemplate: String?, chosen: ChatFormat.Family? = nil
  ) throws {
    self.vocabulary = vocabulary
    beginningID = documents.beginning
    addsBeginning = documents.addsBeginning
    endOfText = documents.end
    padding = documents.padding
    otherEnds = documents.otherEnds
    hasChatTemplate = chatTemplate != nil
    chatFormat = chosen.map { ChatFormat($0) } ?? ChatFormat(isSpecial: { vocabulary.added.id(of: $0.utf8) != nil })
    endOfTurn = documents.end
    if chosen == nil, let chatTemplate {
      try use(chatTemplate)
    } else {
      endOfTurn = try endOfTurn(in: chatFormat)
    }
  }

  /// What writes this model's dialogues, for messages: the name of a format, or the model's own template.
  package var chatFormatName: String {
    chatTemplate == nil ? chatFormat.family.rawValue : "the model's own template"
  }

  private mutating func use(_ template: String) throws {
    func text(_ id: Int32?) -> String { id.map { String(decoding: vocabulary.pieces[$0], as: UTF8.self) } ?? "" }
    do {
      let read = try ChatTemplate(template, beginning: text(beginningID), end: text(endOfText))
      let marks = read.marks(in: vocabulary)
      (chatTemplate, templateMarks, endOfTurn) = (read, marks.texts, marks.endOfTurn ?? endOfText)
    } catch let error as ModelError {
      throw ModelError(
        "its chat template cannot be used: \(error). Choose a format with --chat-format (in an experiment file: "
          + "chatFormat): \(ChatFormat.Family.names).")
    }
  }

  package var vocabularySize: Int { vocabulary.pieces.count }

  package func endsTurn(_ token: Int32) -> Bool {
    token == endOfTurn || token == endOfText || otherEnds.contains(token)
  }

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
    (tokenizer.chatFormat, tokenizer.chatTemplate, tokenizer.templateMarks) = (format, nil, [])
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
