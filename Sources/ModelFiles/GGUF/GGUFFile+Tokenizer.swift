package import Tokenization

extension GGUFFile {
  /// The tokenizer that the file carries; what its metadata leaves out is as llama.cpp takes it.
  ///
  /// - Throws: a `ModelError` when there is none, or a list or an id does not fit the others.
  package func tokenizerData() throws -> GGUFTokenizerData {
    guard let model = try string("tokenizer.ggml.model"), let tokens = try strings("tokenizer.ggml.tokens") else {
      throw ModelError("'\(name)' carries no tokenizer.")
    }
    let pre = try string("tokenizer.ggml.pre") ?? "default"
    let isSentencePiece = model == "llama"
    let scores = try floats("tokenizer.ggml.scores") ?? []
    let types = try integers("tokenizer.ggml.token_type") ?? []
    for (what, count) in [("scores", scores.count), ("types", types.count)] where count != 0 && count != tokens.count {
      throw ModelError("'\(name)' has \(tokens.count) tokens and \(count) \(what) of them.")
    }
    func id(_ key: String, _ fallback: Int32?) throws -> Int32? { try tokenID(key, among: tokens.count) ?? fallback }
    return GGUFTokenizerData(
      model: model, pre: pre, tokens: tokens, scores: scores, types: types.map { Int32(truncatingIfNeeded: $0) },
      merges: try strings("tokenizer.ggml.merges") ?? [], beginID: try id("bos", isSentencePiece ? 1 : nil),
      endID: try id("eos", isSentencePiece ? 2 : nil), unknownID: try id("unknown", isSentencePiece ? 0 : nil),
      paddingID: try id("padding", nil),
      addsBeginning: try flag("tokenizer.ggml.add_bos_token"),
      addsSpacePrefix: try flag("tokenizer.ggml.add_space_prefix") ?? isSentencePiece,
      chatTemplate: try string("tokenizer.chat_template"),
      otherEnds: try ["eot", "eom"].compactMap { try id($0, nil) })
  }

  private func tokenID(_ key: String, among count: Int) throws -> Int32? {
    guard let id = try integer("tokenizer.ggml.\(key)_token_id"), id != -1, id != Int(UInt32.max) else { return nil }
    guard (0..<count).contains(id), let id = Int32(exactly: id) else {
      throw ModelError("'\(name)' names \(id) as its \(key) token, and it has \(count) tokens.")
    }
    return id
  }
}
