extension BytePairTokenizer {
  /// The tokenizer in the metadata of a GGUF file.
  ///
  /// - Parameter chatFormat: the chat format to use whatever the template says.
  /// - Throws: a `ModelError` when it is of an unknown kind, or contradicts itself.
  package init(gguf data: GGUFTokenizerData, chatFormat: ChatFormat.Family? = nil) throws {
    do {
      try data.check()
      let vocabulary = try data.model == "llama" ? data.sentencePieces() : data.bytePieces()
      try self.init(
        vocabulary: vocabulary, documents: data.documents(vocabulary), chatTemplate: data.chatTemplate,
        chosen: chatFormat)
    } catch let error as ModelError {
      throw ModelError("The tokenizer of the GGUF file: \(error)")
    }
  }
}

extension GGUFTokenizerData {
  fileprivate func check() throws {
    guard model == "llama" || model == "gpt2" else {
      throw ModelError("its model is '\(model)'; llama (SentencePiece) and gpt2 (byte-level) can be read.")
    }
    guard (1...VocabularyBuilder.limit).contains(tokens.count) else {
      throw ModelError("it has \(tokens.count) tokens; expected 1 to \(VocabularyBuilder.limit).")
    }
    guard types.isEmpty || types.count == tokens.count else {
      throw ModelError("it has \(tokens.count) tokens but \(types.count) types.")
    }
    for (name, id) in [("begin", beginID), ("end", endID), ("unknown", unknownID), ("padding", paddingID)] {
      if let id, !(0..<tokens.count).contains(Int(id)) {
        throw ModelError("its \(name) token is \(id), but ids run from 0 to \(tokens.count - 1).")
      }
    }
  }

  private func builder(isByteLevel: Bool) throws -> VocabularyBuilder {
    var builder = VocabularyBuilder(isByteLevel: isByteLevel, capacity: tokens.count)
    for (id, token) in tokens.enumerated() {
      let kind: VocabularyBuilder.Kind
      switch types.isEmpty ? 1 : types[id] {
      case 0, 1, 5: kind = .piece
      case 2, 3: kind = .control
      case 4: kind = .added
      case 6: kind = .byte
      default: throw ModelError("token \(id) has type \(types[id]); types run from 0 to 6.")
      }
      let swallows = !isByteLevel && Self.swallowing.contains(token)
      try builder.append(token, token.isEmpty ? .unused : kind, swallowsSpace: swallows)
    }
    return builder
  }

  /// Marks of Phi-3 that take the white space behind them; GGUF has no place to say so, and llama.cpp knows them by name.
  private static let swallowing: Set = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]

  fileprivate func sentencePieces() throws -> Vocabulary {
    guard scores.count == tokens.count, !scores.contains(where: \.isNaN) else {
      throw ModelError("it has \(tokens.count) tokens but \(scores.count) scores, or a score that is not a number.")
    }
    let builder = try builder(isByteLevel: false)
    guard !addsSpacePrefix || builder.pieces.id(of: [UInt8(ascii: " ")]) != nil else {
      throw ModelError("text is to begin with a space, but there is no token '▁'.")
    }
    var rules = TextRules()
    rules.prefix = addsSpacePrefix ? .always : .never
    rules.cuts = builder.keepsWordsApart ? [.beforeSpaces] : []
    return Vocabulary(builder, merging: .scored(scores.map(\.fallingOrder)), rules: rules, unknown: unknownID)
  }

  fileprivate func bytePieces() throws -> Vocabulary {
    let builder = try builder(isByteLevel: true)
    var table = MergeTable(builder, capacity: merges.count)
    for merge in merges { try table.append(merge) }
    return Vocabulary(builder, merging: .ranked(table.pairs), rules: try textRules(), unknown: unknownID)
  }

  /// The rules behind llama.cpp's names for them.
  private func textRules() throws -> TextRules {
    guard let named = WordRules.named(pre) else {
      throw ModelError(
        "its rules for words (tokenizer.ggml.pre) are called '\(pre)', which is not known; known are \(WordRules.names)."
      )
    }
    var rules = TextRules()
    rules.cuts = try named.expressions.map { .pattern(try WordPatternParser.pattern($0)) }
    rules.takesWholeWords = named.takesWholeWords
    return rules
  }

  private var beginsByDefault: Bool { model == "llama" || WordRules.named(pre)?.addsBeginning ?? false }

  fileprivate func documents(_ vocabulary: Vocabulary) throws -> DocumentTokens {
    guard let end = endID else { throw ModelError("it names no token that ends a document.") }
    return DocumentTokens(
      beginning: beginID, addsBeginning: beginID != nil && (addsBeginning ?? beginsByDefault), end: end,
      padding: paddingID ?? unknownID ?? end, otherEnds: otherEnds)
  }
}

extension Float {
  /// A number that is the smaller, the greater the value is, and equal for equal values.
  fileprivate var fallingOrder: UInt32 {
    let bits = (self + 0).bitPattern
    return bits >> 31 == 1 ? bits : ~(bits | 1 << 31)
  }
}
