import Episodes
import LanguageModels
import Testing
import Tokenization

@testable import Policies

struct PolicyTests {
  static func local(rows: Int = 8) throws -> LocalPolicy {
    let tokenizer = WordTokenizer(words: ["look", "in", "the", "garden", "rose"], separators: [])
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 32, layers: 1, heads: 2, keyValueHeads: 1, headWidth: 16, hidden: 32,
      context: 256)
    let checkpoint = try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 2), tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
    return LocalPolicy(name: "tiny", engine: try SamplingEngine(checkpoint, options: .init(rows: rows)))
  }

  @Test("The local policy keeps the contract, with fewer places than rollouts")
  func localContract() async throws { try await PolicyContract.check(Self.local()) }

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
