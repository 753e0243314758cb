/// Hugging Face's `tokenizer.json`, as far as byte-pair encoding goes. What is not read here is refused by name, never
/// passed over: a rule left out would change ids without a word.
struct TokenizerFile {
  /// A member of `added_tokens`.
  struct AddedToken {
    let id: Int
    let content: String
    let isSpecial: Bool
    let isSingleWord: Bool
    /// It takes the white space behind it.
    let swallowsSpace: Bool
  }

  let model: JSON
  let added: [AddedToken]
  let rules: TextRules
  let isByteLevel: Bool
  /// The token that the post-processor puts before a text.
  let beginning: String?

  init(_ json: JSON) throws {
    guard case .object = json, let model = json["model"] else { throw ModelError("it has no model.") }
    self.model = model
    try Self.check(model)
    added = try (json["added_tokens"]?.array ?? []).map(Self.addedToken)
    var rules = RuleReader()
    if let normalizer = json["normalizer"] { try rules.readNormalizer(normalizer) }
    if let preTokenizer = json["pre_tokenizer"] { try rules.readPreTokenizer(preTokenizer) }
    guard rules.isByteLevel != rules.marksSpaces else {
      throw ModelError("its rules are neither byte-level (ByteLevel) nor SentencePiece's (spaces written '▁').")
    }
    isByteLevel = rules.isByteLevel
    rules.rules.takesWholeWords = model["ignore_merges"]?.bool ?? false
    self.rules = rules.rules
    beginning = try json["post_processor"].flatMap(Self.beginning)
  }

  private static func check(_ model: JSON) throws {
    let type = model["type"]?.string ?? (model["merges"] == nil ? "unnamed" : "BPE")
    guard type == "BPE" else { throw ModelError("its model is \(type); only BPE can be read.") }
    for affix in ["continuing_subword_prefix", "end_of_word_suffix"] where model[affix]?.string?.isEmpty == false {
      throw ModelError("its model has a \(affix), which cannot be read.")
    }
    if let dropout = model["dropout"] {
      guard dropout.integer == 0 else { throw ModelError("its model drops merges at random.") }
    }
  }

  private static func addedToken(_ json: JSON) throws -> AddedToken {
    guard let id = json["id"]?.integer, let content = json["content"]?.string, !content.isEmpty else {
      throw ModelError("an added token without an id or without content.")
    }
    let isSpecial = json["special"]?.bool ?? false
    // No text makes a control token, so that none is lost behind one.
    for side in ["lstrip", "rstrip"] where json[side]?.bool == true && !(isSpecial && side == "rstrip") {
      throw ModelError("the added token '\(content)' swallows the spaces beside it (\(side)), which would lose text.")
    }
    return AddedToken(
      id: id, content: content, isSpecial: isSpecial, isSingleWord: json["single_word"]?.bool ?? false,
      swallowsSpace: json["rstrip"]?.bool ?? false)
  }

  /// The special token before the text in a template, or in the one template of a sequence.
  private static func beginning(_ processor: JSON) throws -> String? {
    switch processor["type"]?.string {
    case "Sequence": return try (processor["processors"]?.array ?? []).compactMap(beginning).first
    case "TemplateProcessing":
      let before = (processor["single"]?.array ?? []).prefix { $0["Sequence"] == nil }
      guard before.count <= 1 else { throw ModelError("it puts \(before.count) tokens before a text; expected one.") }
      return before.first?["SpecialToken"]?["id"]?.string
    default: return nil
    }
  }
}
