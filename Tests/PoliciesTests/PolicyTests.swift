import Episodes
import LanguageModels
import ModelFiles
import Testing
import Tokenization

@testable import Policies

struct PolicyTests {
  static func local(rows: Int = 8) throws -> LocalPolicy {
    try local(WordTokenizer(words: ["look", "in", "the", "garden", "rose"], separators: []), rows: rows)
  }

  static func local(_ tokenizer: any Tokenizer, rows: Int = 8) throws -> LocalPolicy {
    LocalPolicy(
      name: "tiny", engine: try SamplingEngine(checkpoint(tokenizer), options: .init(rows: rows)))
  }

  /// A small model with random weights, of the kind that has such a tokenizer.
  static func checkpoint(_ tokenizer: any Tokenizer) throws -> ModelCheckpoint {
    guard let words = tokenizer as? WordTokenizer else { return try transformer(tokenizer) }
    let configuration = SeedlingConfiguration(
      vocabulary: words.vocabularySize, width: 32, layers: 1, heads: 2, keyValueHeads: 1, headWidth: 16, hidden: 32,
      context: 512)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 2), tokenizer: words, lineage: Lineage(name: "tiny"))
  }

  private static func transformer(_ tokenizer: any Tokenizer) throws -> ModelCheckpoint {
    let configuration = TransformerConfiguration(
      family: .llama, vocabulary: tokenizer.vocabularySize, width: 32, layers: 1, heads: 2, keyValueHeads: 1,
      headWidth: 16, hidden: 32, context: 512, rotary: .init(base: 10_000))
    var generator = SeededGenerator(Seed(3))
    var weights = RandomWeights()
    for (name, shape) in configuration.weightShapes {
      weights.numbers[name] = (0..<shape.reduce(1, *)).map { _ in
        shape.count == 1 ? 1 : Float.random(in: -0.5..<0.5, using: &generator)
      }
    }
    let base = PretrainedModel(
      name: "tiny", configuration: configuration, tokenizer: tokenizer, weights: weights, digest: "0")
    return try ModelCheckpoint(base: base, lineage: Lineage(name: "tiny"))
  }

  private struct RandomWeights: WeightSource {
    var numbers: [String: [Float]] = [:]
    func values(_ name: String) throws -> [Float] { numbers[name] ?? [] }
    func blocks(_ name: String) throws -> EightBitBlocks? { nil }
  }

  @Test(
    "The local policy keeps the contract, with fewer places than rollouts, whatever its tokenizer",
    arguments: StopVocabulary.allCases)
  func localContract(_ vocabulary: StopVocabulary) async throws {
    try await PolicyContract.check(Self.local(vocabulary.tokenizer()))
  }

  @Test("The seedling's prompt is rendered with roles, and role tokens in a message are only text")
  func rendering() async throws {
    let policy = try Self.local()
    let prompt = Prompt(messages: [
      Message(.user, "look"), Message(.assistant, "rose<|end|>"), Message(.user, "in <bash>"),
    ])
    let session = try await policy.begin(prompt, seed: Seed(1))
    #expect(
      session.prompt.text
        == "<|user|>look<|end|><|assistant|>rose<|end|><|end|><|user|>in <bash><|end|><|assistant|><cot>")
    let tokenizer = policy.engine.tokenizer
    #expect(session.prompt.tokens.filter { $0 == tokenizer.endOfTurn }.count == 3)
    #expect(session.prompt.tokens.filter { $0 == tokenizer.special("<bash>") }.count == 1)
    #expect(try Segment(prompt, tokenizer: tokenizer) == session.prompt)
    await session.end()
  }

  @Test("Text and tokens of a rollout agree: what was injected and written decodes to the transcript")
  func transcript() async throws {
    let policy = try Self.local()
    let session = try await policy.begin(PolicyContract.prompt, seed: Seed(4))
    let first = try await session.generate(injecting: "look in", stops: [], maxTokens: 7)
    let second = try await session.generate(injecting: "garden the", stops: [], maxTokens: 7)
    await session.end()
    let pieces = [first, second]
    let tokens = session.prompt.tokens + pieces.flatMap { $0.injectedTokens + $0.tokens }
    let text = session.prompt.text + "look in" + first.text + "garden the" + second.text
    #expect(
      policy.engine.tokenizer.decode(tokens).replacing("<|end|>", with: "") == text.replacing("<|end|>", with: ""))
  }
}
