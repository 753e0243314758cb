import Foundation
import ModelFiles
import Testing
import Tokenization

/// The real Gemma 3 270M, where the variable `SUBTERFUGE_GEMMA` names its file.
struct GemmaTests {
  private static let path = ProcessInfo.processInfo.environment["SUBTERFUGE_GEMMA"]

  @Test(.enabled(if: path != nil)) func weightsAreThoseOfThePythonPackage() throws {
    let file = try GGUFFile(contentsOf: URL(fileURLWithPath: try #require(Self.path)))
    let configuration = try TransformerConfiguration(gguf: file)
    #expect(configuration.parameterCount == 268_098_176)
    #expect(configuration.isWindowed.indices.filter { !configuration.isWindowed[$0] } == [5, 11, 17])
    #expect(configuration.window == 512 && configuration.attentionScale == 0.0625 && configuration.tiedEmbeddings)
    let weights = try FileWeights(configuration, gguf: file)
    let expected = try JSONDecoder().decode([String: Expected].self, from: Fixture.data("gemma.json"))
    #expect(expected.count == 7)
    for (name, known) in expected {
      #expect(weights.format(name)?.name == known.kind)
      #expect(crc32(try weights.values(name)) == known.crc, "\(name)")
      if let blocks = try weights.blocks(name) { #expect(crc32(blocks.values) == known.crc, "\(name)") }
    }
    let tokens = try file.tokenizerData()
    #expect(tokens.tokens.count == 262_144 && tokens.tokens[106] == "<end_of_turn>" && tokens.scores.count == 262_144)
    #expect(tokens.addsBeginning == true && !tokens.addsSpacePrefix && tokens.beginID == 2 && tokens.endID == 1)
  }
}
