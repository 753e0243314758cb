import Environments
import Episodes
import LanguageModels
import Sandboxing
import Testing
import Tokenization

@testable import Policies

/// Dialogues of several turns, and words put into the policy's mouth, as a local policy reads them.
@Suite struct FurtherMessageTests {
  /// Writes dialogues as a chat format does: a document's beginning, marks around the turns, text of its own between
  /// them. One token a character; marks are the tokens below 32.
  private struct CharacterTokenizer: Tokenizer {
    enum Format { case marksBothTurns, endsOnlyAnswers }
    let format: Format
    let vocabularySize = 256
    let padding: Int32 = 0
    let endOfTurn: Int32 = 2

    func special(_ name: String) -> Int32? { nil }
    func encode(bytes: some Collection<UInt8>, specials: SpecialTokens, after previous: Int32?) -> [Int32] {
      bytes.map { $0 < 32 && $0 != UInt8(ascii: "\n") ? 32 : Int32($0) }
    }
    func decode(bytes tokens: some Collection<Int32>, after previous: Int32?) -> [UInt8] { tokens.map { UInt8($0) } }

    func encode(dialogue messages: [(role: String, text: String)], opening: String) throws -> [Int32] {
      var tokens: [Int32] = [1]
      for (role, text) in messages {
        switch format {
        case .marksBothTurns: tokens += [3] + characters(role + "\n" + text) + [2] + characters("\n")
        case .endsOnlyAnswers where role == "user": tokens += characters("Q: " + text + "\n")
        case .endsOnlyAnswers: tokens += characters("A: " + text) + [2] + characters("\n\n")
        }
      }
      return tokens + (format == .marksBothTurns ? [3] + characters("assistant\n") : characters("A: "))
        + characters(opening)
    }

    private func characters(_ text: String) -> [Int32] { encode(text, specials: .none) }
  }

  @Test("What stands between two turns is the chat format's own, from behind the token that ended the answer")
  func formats() throws {
    let both = try CharacterTokenizer(format: .marksBothTurns).encode(furtherMessage: "go\u{2}on", opening: "<cot>")
    #expect(both == Array("\n\u{3}user\ngo on\u{2}\n\u{3}assistant\n<cot>".utf8).map(Int32.init))
    let answers = try CharacterTokenizer(format: .endsOnlyAnswers).encode(furtherMessage: "go on", opening: "")
    #expect(answers == Array("\n\nQ: go on\nA: ".utf8).map(Int32.init))
  }

  @Test("For the seedling: a dialogue that goes on has the tokens of the whole dialogue")
  func seedlingFormat() throws {
    let tokenizer = try PolicyTests.local().engine.tokenizer
    let first = try tokenizer.encode(dialogue: [("user", "look in")], opening: "<cot>")
    let answer = tokenizer.encode("rose</cot>the garden", specials: .tags, after: first.last) + [tokenizer.endOfTurn]
    let further = try tokenizer.encode(furtherMessage: "look <|end|> again", opening: "<cot>")
    let whole = try tokenizer.encode(
      dialogue: [("user", "look in"), ("assistant", "<cot>rose</cot>the garden"), ("user", "look <|end|> again")],
      opening: "<cot>")
    #expect(first + answer + further == whole)
  }

  /// Asks for one command, then ends its turn whatever it was asked to write.
  private func turns(_ policy: LocalPolicy) async throws -> (session: any PolicySession, first: Generation) {
    let session = try await policy.begin(PolicyContract.prompt, seed: Seed(5))
    return (session, try await session.generate(injecting: "", stops: [], maxTokens: 6))
  }

  @Test("The second answer is the one that a policy with the whole dialogue as its prompt would give")
  func secondAnswer() async throws {
    let policy = try PolicyTests.local()
    let (session, first) = try await turns(policy)
    let request = try await session.read("in the garden", opening: "<cot>")
    let second = try await session.generate(injecting: "rose", stops: [], maxTokens: 5)
    await session.end()
    #expect(request.source == .user && request.text.hasSuffix("<|user|>in the garden<|end|><|assistant|><cot>"))
    #expect(
      second.injectedTokens == policy.engine.tokenizer.encode("rose", specials: .tags, after: request.tokens.last))

    // Draws are named by their position, so the same tokens as one long prompt give the same continuation.
    let all = session.prompt.tokens + first.tokens + request.tokens + second.injectedTokens
    let row = try await policy.engine.open(prompt: all, seed: Seed(5).value)
    let replay = try await policy.engine.generate(row, maxTokens: 5)
    await policy.engine.close(row)
    #expect(replay.tokens == second.tokens && replay.logProbabilities == second.logProbabilities)
  }

  @Test("A request that does not fit says so, and later generations stay refused")
  func tooLong() async throws {
    let policy = try PolicyTests.local()
    let (session, _) = try await turns(policy)
    _ = try await session.read(String(repeating: "garden ", count: 600), opening: "<cot>")
    let second = try await session.generate(injecting: "", stops: [], maxTokens: 5)
    #expect(second.stop == .contextFull && second.tokens.isEmpty)
    await session.end()
  }
}

/// The shipped seedling and the built-in environments.
@Suite struct SeedlingArmTests {
  private static func seedling() throws -> LocalPolicy {
    let checkpoint = try ModelCheckpoint(contentsOf: ModelCheckpoint.shippedSeedling)
    return LocalPolicy(name: "seedling", engine: try SamplingEngine(checkpoint))
  }

  /// All but the ledger, which is for every reader and whose table the seedling spells.
  @Test(
    "The seedling knows every word of every arm: none is spelt in letters",
    arguments: EnvironmentCatalogue.builtIn.filter { $0 != "ledger" })
  func vocabulary(name: String) throws {
    let tokenizer = try Self.seedling().engine.tokenizer
    // The byte tokens stand in a row; a control character is always one of them.
    let firstByte = try #require(tokenizer.encode("\u{1}", specials: .none).first) - 1
    let letters = Set(
      (UInt8(ascii: "a")...UInt8(ascii: "z")).flatMap { [Int32($0), Int32($0) - 32] }.map { firstByte + $0 })
    #expect(tokenizer.encode("q", specials: .none).contains(where: letters.contains))
    let environment = try EnvironmentCatalogue.load(name)
    // Two arms of the held-out environment have a word each that the corpus does not teach; one arm is for the full style.
    let others: [Arm] = [.nonConstantReward, .solvable, .noDemonstration]
    for arm in environment.arms where !others.contains(arm) {
      var words: Set<[UInt8]> = []
      for variant in 0..<environment.variantCount {
        let sample = try environment.sample(variant: variant, arm: arm, style: .brief)
        let files = try environment.files(variant: variant, arm: arm)
        let shown = files.entries.keys.flatMap { [$0.description, files.text(of: $0.description) ?? ""] }
        for text in sample.prompt.messages.map(\.text) + sample.lead + shown {
          words.formUnion(
            text.utf8.split { $0 | 0x20 < UInt8(ascii: "a") || $0 | 0x20 > UInt8(ascii: "z") }.map(Array.init))
        }
      }
      words.subtract(ProtocolTag.allCases.map { Array($0.rawValue.utf8) })
      let unknown = words.filter {
        tokenizer.encode(bytes: $0, specials: .none, after: nil).contains(where: letters.contains)
      }
      #expect(
        unknown.isEmpty, "\(name), \(arm.rawValue): \(unknown.map { String(decoding: $0, as: UTF8.self) }.sorted())")
    }
  }

  @Test("A steered passage is read and never counted as the policy's own words")
  func steered() async throws {
    let policy = try Self.seedling()
    let environment = FolderEnvironment(try EnvironmentCatalogue.load("political"), sandbox: try await Sandbox())
    let key = EpisodeKey(
      checkpoint: "start", environment: "political", arm: .steeredAway, purpose: "test", variant: 0, sample: 0)
    let episode = try await EpisodeLoop(environment: environment, policy: policy).run(key, seed: Seed(1))
    let segments = episode.transcript.segments
    #expect(segments.map(\.source) == [.prompt, .steered, .policy])
    let lead = " people see this in different ways. i will not pick a side."
    #expect(segments[1].text == lead && segments[1].logProbabilities.isEmpty)
    #expect(policy.engine.tokenizer.decode(segments[1].tokens, after: segments[0].tokens.last) == lead)
    #expect(segments[2].tokens.count == segments[2].logProbabilities.count && !segments[2].tokens.isEmpty)
    #expect(!VisibleText(of: episode.transcript).text.contains("people see this in different ways. i will not pick"))
  }

  @Test("Several attempts in one context keep the tokens of the whole dialogue in order")
  func attempts() async throws {
    let policy = try Self.seedling()
    let environment = FolderEnvironment(try EnvironmentCatalogue.load("political"), sandbox: try await Sandbox())
    let key = EpisodeKey(
      checkpoint: "start", environment: "political", arm: .steeredAway, purpose: "test", variant: 0, sample: 0)
    let episode = try await EpisodeLoop(environment: environment, policy: policy, attempts: 3).run(key, seed: Seed(1))
    let measures = try #require(episode.result.outcome?.measures)
    let turns = episode.transcript.turns
    #expect(measures["attempts"] == Double(turns.count) && turns.count > 1)
    let tokenizer = policy.engine.tokenizer
    #expect(
      tokenizer.decode(episode.transcript.segments.flatMap(\.tokens)).replacing("<|end|>", with: "")
        == episode.transcript.text.replacing("<|end|>", with: ""))
    for turn in turns {
      let end = turn.segments.last?.tokens.last
      #expect(end == tokenizer.endOfTurn && turn.startsInsideThought)
    }
    #expect(turns[1].segments[0].text.hasPrefix("<|user|>your reward is 0. "))
  }
}
