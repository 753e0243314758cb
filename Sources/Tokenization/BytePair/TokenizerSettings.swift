/// Hugging Face's `tokenizer_config.json`: the tokens around a document.
struct TokenizerSettings {
  private let json: JSON

  init(_ json: JSON) { self.json = json }

  /// The Jinja template of a dialogue; of several the one called default.
  var chatTemplate: String? {
    if let templates = json["chat_template"]?.array {
      return templates.first { $0["name"]?.string == "default" }?["template"]?.string
    }
    return json["chat_template"]?.string
  }

  /// The tokens around a document. Where no configuration names them they are known by their usual names.
  func documents(of file: TokenizerFile, in vocabulary: Vocabulary) throws -> DocumentTokens {
    func id(_ name: String?) -> Int32? { name.flatMap { vocabulary.added.id(of: $0.utf8) } }
    func named(_ setting: String) throws -> Int32? {
      guard let name = json[setting]?.string ?? json[setting]?["content"]?.string else { return nil }
      guard let id = id(name) else { throw ModelError("the \(setting) '\(name)' is not among the added tokens.") }
      return id
    }
    let ends = ["<eos>", "</s>", "<|end_of_text|>", "<|endoftext|>", "<|eot_id|>", "<|im_end|>"]
    guard let end = try named("eos_token") ?? ends.lazy.compactMap({ id($0) }).first else {
      throw ModelError("no token ends a document; tokenizer_config.json can name one as eos_token.")
    }
    if let name = file.beginning, id(name) == nil {
      throw ModelError("the token '\(name)' before every text is not among the added tokens.")
    }
    let paddings = ["<pad>", "<|finetune_right_pad_id|>", "<|endoftext|>"]
    let padding = try named("pad_token") ?? paddings.lazy.compactMap({ id($0) }).first ?? vocabulary.unknown ?? end
    return DocumentTokens(
      beginning: try id(file.beginning) ?? named("bos_token"),
      addsBeginning: json["add_bos_token"]?.bool ?? (file.beginning != nil), end: end, padding: padding)
  }
}
