import Foundation
import ModelFiles
import Testing

struct FileWeightsTests {
  private func check(_ weights: FileWeights, _ configuration: TransformerConfiguration, against name: String) throws {
    let expected = try Fixture.expected(name)
    #expect(Set(configuration.weightShapes.map(\.name)) == Set(expected.keys))
    for (weight, shape) in configuration.weightShapes {
      let known = try #require(expected[weight], "\(weight)")
      let values = try weights.values(weight)
      #expect(shape == known.shape, "\(weight)")
      #expect(values.prefix(2).map(Double.init) == known.first, "\(weight)")
      #expect(crc32(values) == known.crc, "\(weight)")
      if let kind = known.kind { #expect(weights.format(weight)?.name == kind) }
      guard let blocks = try weights.blocks(weight) else {
        #expect([nil, "F32", "F16", "BF16"].contains(known.kind), "\(weight)")
        continue
      }
      #expect(blocks.shape == shape)
      #expect(crc32(blocks.values) == known.crc, "\(weight)")
    }
    #expect(Fixture.message { try weights.values("absent") } == "The model has no weight 'absent'.")
  }

  @Test(arguments: ["llama", "qwen2", "qwen3", "phi3", "olmo2", "gemma3", "gemma3-images"])
  func weightsOfFoldersAreThoseOfTransformers(name: String) throws {
    let source = "\(name)/config.json"
    let configuration = try TransformerConfiguration(huggingFace: Fixture.data(source), source: source)
    let folder = try SafetensorsFolder(Fixture.url(name))
    try check(FileWeights(configuration, safetensors: folder, name: name), configuration, against: name)
  }

  @Test(arguments: [
    "llama.gguf", "qwen2.gguf", "qwen3.gguf", "gemma3.gguf", "mistral.gguf", "phi3.gguf", "olmo2.gguf", "olmo3.gguf",
    "smollm3.gguf", "split-00001-of-00003.gguf",
  ])
  func weightsOfGGUFAreThoseOfThePythonPackage(name: String) throws {
    let file = try GGUFFile(contentsOf: Fixture.url(name))
    let configuration = try TransformerConfiguration(gguf: file)
    try check(FileWeights(configuration, gguf: file), configuration, against: name)
  }

  @Test func aWeightThatIsMissingOrOfAnotherShapeIsNamed() throws {
    let file = try GGUFFile(contentsOf: Fixture.url("qwen3.gguf"))
    var configuration = try TransformerConfiguration(gguf: file)
    configuration.hidden = 64
    #expect(
      Fixture.message { try FileWeights(configuration, gguf: file) }?
        .contains(
          "'blk.0.ffn_gate.weight' in '\(file.name)' has the shape [32, 32], and the configuration needs [64, 32]")
        == true)
    configuration.hidden = 32
    configuration.layers = 2
    #expect(
      Fixture.message { try FileWeights(configuration, gguf: file) }?
        .contains("lacks the weight 'model.layers.1.self_attn.q_proj.weight' of its qwen3 model") == true)
    configuration.layers = 1
    configuration.queryKeyNorm = .none
    #expect(
      Fixture.message { try FileWeights(configuration, gguf: file) }?
        .contains("has a weight 'blk.0.attn_k_norm.weight', which qwen3 models do not have") == true)
  }
}
