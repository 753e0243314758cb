internal import Foundation

extension BytePairTokenizer {
  /// The tokenizer in a Hugging Face model's folder.
  ///
  /// - Parameters:
  ///   - json: `tokenizer.json`.
  ///   - configuration: `tokenizer_config.json`, which names the tokens around a document and may hold the chat template.
  ///   - generation: `generation_config.json`, which names every token that ends a turn.
  ///   - chatTemplate: `chat_template.jinja`, which newer folders have instead.
  ///   - chatFormat: the chat format to use whatever the template says.
  ///   - embeddings: rows of the model's embedding. Added tokens beyond them are left out: Gemma 3's text models list one
  ///     for pictures that they cannot read.
  /// - Throws: a `ModelError` when the file is damaged, or has a rule or a chat template that is not known here.
  package init(
    json: some Collection<UInt8>, configuration: (some Collection<UInt8>)? = nil as [UInt8]?,
    generation: [UInt8]? = nil,
    chatTemplate: String? = nil, chatFormat: ChatFormat.Family? = nil, embeddings: Int? = nil
  ) throws {
    let settings = try Self.reading("tokenizer_config.json") {
      TokenizerSettings(try configuration.map { try JSON(Array($0)) } ?? .null)
    }
    let ends = try Self.reading("generation_config.json") { () -> [Int] in
      guard let named = try generation.map({ try JSON($0) })?["eos_token_id"] else { return [] }
      return named.integer.map { [$0] } ?? named.array?.compactMap(\.integer) ?? []
    }
    self = try Self.reading("tokenizer.json") {
      let file = try TokenizerFile(JSON(Array(json)))
      let assembly = try VocabularyAssembly(file, limit: embeddings)
      let vocabulary = try assembly.vocabulary()
      var documents = try settings.documents(of: file, in: vocabulary)
      documents.otherEnds = ends.filter { (0..<vocabulary.pieces.count).contains($0) }.map { Int32($0) }
      return try BytePairTokenizer(
        vocabulary: vocabulary, documents: documents, chatTemplate: chatTemplate ?? settings.chatTemplate,
        chosen: chatFormat)
    }
  }

  private static func reading<Value>(_ file: String, _ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let error as ModelError { throw ModelError("\(file): \(error)") }
  }
}
