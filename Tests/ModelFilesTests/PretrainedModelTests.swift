import Foundation
import ModelFiles
import Testing
import Tokenization

struct PretrainedModelTests {
  private func load(_ url: URL, check: @escaping (TokenizerSource) -> Void = { _ in }) throws -> PretrainedModel {
    // The digest is the caller's: here the number of bytes, and the text where it is short.
    try PretrainedModel.load(from: url, name: "tiny") { data in
      data.count < 1_000 ? String(decoding: data, as: UTF8.self) : "\(data.count)"
    } tokenizer: {
      check($0)
      return WordTokenizer(words: [], separators: [])
    }
  }

  @Test func aGGUFFileIsAModel() throws {
    let url = try Fixture.url("gemma3.gguf")
    let model = try load(url) { source in
      guard case .gguf(let data) = source else { return #expect(Bool(false)) }
      #expect(data.model == "llama" && data.pre == "default" && data.tokens.count == 32)
      #expect(data.tokens[31] == "piece31" && data.scores[31] == -31 && data.types[2...3] == [3, 1])
      #expect(data.beginID == 1 && data.endID == 2 && data.unknownID == 0 && data.paddingID == 0)
      #expect(data.addsBeginning && data.addsSpacePrefix && data.chatTemplate == "{{ messages }}")
      #expect(data.merges.isEmpty)
    }
    #expect(model.name == "tiny" && model.configuration.family == .gemma3)
    #expect(try model.digest == "\(Fixture.data("gemma3.gguf").count)")
    #expect(try model.weights.values("model.norm.weight").count == 32)
  }

  @Test func aFolderIsAModel() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Fixture.url("qwen2"), to: folder)
    #expect(Fixture.message { try load(folder) }?.contains("no file '\(folder.path)/tokenizer.json'") == true)
    try Data("{}".utf8).write(to: folder.appendingPathComponent("tokenizer.json"))
    let model = try load(folder) { source in
      guard case .huggingFace(let tokenizer, nil) = source else { return #expect(Bool(false)) }
      #expect(tokenizer == Data("{}".utf8))
    }
    let json = String(decoding: try Fixture.data("qwen2/config.json"), as: UTF8.self)
    let size = try Fixture.data("qwen2/model.safetensors").count
    #expect(model.digest == "\(json)  config.json\n\(size)  model.safetensors\n{}  tokenizer.json\n")
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
