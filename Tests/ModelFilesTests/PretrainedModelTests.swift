import Foundation
import ModelFiles
import Testing
import Tokenization

struct PretrainedModelTests {
  private func load(_ url: URL, chatFormat: ChatFormat.Family? = .plain) throws -> PretrainedModel {
    // The digest is the caller's: here the number of bytes, and the text where it is short.
    try PretrainedModel.load(from: url, name: "tiny", chatFormat: chatFormat) { data in
      data.count < 2_000 ? String(decoding: data, as: UTF8.self) : "\(data.count)"
    }
  }

  @Test func theTokenizerOfAGGUFFileIsReadWhole() throws {
    let data = try GGUFFile(contentsOf: Fixture.url("gemma3.gguf")).tokenizerData()
    #expect(data.model == "llama" && data.pre == "default" && data.tokens.count == 32 && data.merges.isEmpty)
    #expect(data.tokens[31] == "piece31" && data.scores[31] == -31 && data.types[1...3] == [3, 3, 1])
    #expect(data.beginID == 1 && data.endID == 2 && data.unknownID == 0 && data.paddingID == 0)
    #expect(data.addsBeginning == nil && data.addsSpacePrefix && data.chatTemplate == "{{ messages }}")
    let other = try GGUFFile(contentsOf: Fixture.url("qwen2.gguf")).tokenizerData()
    #expect(other.model == "gpt2" && other.pre == "qwen2" && other.merges == ["a b", "ab c"] && other.scores.isEmpty)
    #expect(other.addsBeginning == nil && !other.addsSpacePrefix && other.unknownID == nil)
  }

  @Test(arguments: ["llama.gguf", "qwen2.gguf", "qwen3.gguf", "gemma3.gguf"])
  func aGGUFFileIsAModel(name: String) throws {
    let model = try load(Fixture.url(name))
    #expect(model.name == "tiny" && "\(model.configuration.family).gguf" == name)
    #expect(try model.digest == "\(Fixture.data(name).count)")
    #expect(try model.weights.values("model.norm.weight").count == model.configuration.width)
    let isSentencePiece = ["llama.gguf", "gemma3.gguf"].contains(name)
    #expect(model.tokenizer.encode("ab", specials: .none) == (isSentencePiece ? [3, 6] : [6]))
  }

  @Test func theFilesOwnTemplateIsUsed() throws {
    let model = try load(Fixture.url("qwen2.gguf"), chatFormat: nil)
    #expect((model.tokenizer as? BytePairTokenizer)?.chatFormatName == "the model's own template")
  }

  private static let tokenizer = #"""
    {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
    "added_tokens": [{"id": 3, "content": "</s>", "special": true}, {"id": 32, "content": "<image>", "special": true}]}
    """#

  @Test func aFolderIsAModel() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Fixture.url("qwen2"), to: folder)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    #expect(Fixture.message { try load(folder) } == "There is no file '\(folder.path)/tokenizer.json'.")
    try write("{}", "tokenizer.json")
    #expect(Fixture.message { try load(folder) }?.hasPrefix("'\(folder.path)': tokenizer.json: ") == true)
    try write(Self.tokenizer, "tokenizer.json")
    let model = try load(folder)
    #expect(model.tokenizer.encode("abb", specials: .none) == [2, 1])
    // The embedding has no row for the picture.
    #expect(model.tokenizer.special("</s>") == 3 && model.tokenizer.special("<image>") == nil)
    let json = String(decoding: try Fixture.data("qwen2/config.json"), as: UTF8.self)
    let size = try Fixture.data("qwen2/model.safetensors").count
    #expect(model.digest == "\(json)  config.json\n\(size)  model.safetensors\n\(Self.tokenizer)  tokenizer.json\n")
    // Every token that generation ends with ends a turn; ids of another vocabulary are none of its.
    try write(#"{"eos_token_id": [1, 77]}"#, "generation_config.json")
    let ends = try load(folder).tokenizer
    #expect((Int32(0)..<5).filter(ends.endsTurn) == [1, 3])
    try write("{{ x", "chat_template.jinja")
    let message = Fixture.message { try load(folder, chatFormat: nil) }
    #expect(message?.hasPrefix("'\(folder.path)': ") == true && message?.contains("--chat-format") == true)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("model.safetensors"))
    #expect(Fixture.message { try load(folder) }?.contains("has neither model.safetensors nor") == true)
  }

  @Test func whatIsNoModelIsNamed() throws {
    #expect(Fixture.message { try load(URL(fileURLWithPath: "/nowhere.gguf")) } == "There is no file '/nowhere.gguf'.")
    #expect(Fixture.message { try load(URL(fileURLWithPath: "/dev/zero")) } == "'/dev/zero' is not a file.")
    let script = try Fixture.url("make_fixtures.py")
    #expect(Fixture.message { try load(script) }?.contains("is not a valid GGUF file: it does not begin") == true)
  }
}
