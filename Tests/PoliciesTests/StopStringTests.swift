import Episodes
import MLX
import Testing
import Tokenization

@testable import LanguageModels
@testable import Policies

/// Stop strings that end inside a token, with the engine's own stopping and a real tokenizer of each kind.
@Suite struct StopStringTests {
  /// A policy whose rows draw scripts, over a small model with random weights.
  struct Scripted {
    let speller: Speller
    let checkpoint: ModelCheckpoint
    let policy: LocalPolicy
    let log = ScriptedDecoder.Log()

    init(_ speller: Speller, scripts: [UInt64: [Int32]]) throws {
      self.speller = speller
      checkpoint = try PolicyTests.checkpoint(speller.tokenizer)
      policy = LocalPolicy(
        name: "scripted",
        engine: SamplingEngine(
          decoder: ScriptedDecoder(
            try Decoder(checkpoint, threads: 1), scripts: scripts, end: speller.tokenizer.endOfTurn, log: log),
          context: checkpoint.architecture.context, tokenizer: speller.tokenizer))
    }

    /// What the row of a seed has read, the prompt included, as text.
    func read(_ session: any PolicySession, _ seed: UInt64) -> [UInt8] {
      speller.tokenizer.decode(bytes: session.prompt.tokens.dropLast() + log.read(seed), after: nil)
    }

    /// Plays the episode of a script, which was given for `StopStringTests.seed`.
    func episode(_ index: Int) async throws -> Episode {
      try await EpisodeLoop(environment: EchoWorld(), policy: policy).run(EchoWorld.key(index), seed: Seed(1))
    }
  }

  static func seed(_ index: Int) -> UInt64 { EchoWorld.key(index).seed(in: Seed(1)).value }

  @Test("The text ends with the stop string, wherever the last token goes on", arguments: StopVocabulary.allCases)
  func cut(_ vocabulary: StopVocabulary) async throws {
    let speller = try Speller(vocabulary)
    let stops = speller.stops
    #expect(stops.count > (vocabulary == .words ? 7 : 60))
    let drawn = try stops.map { try speller.spell("</cot><bash>ls", $0) }
    let scripts = try zip(1..., drawn).map { (UInt64($0), try $1 + speller.spell("ok")) }
    let scripted = try Scripted(speller, scripts: Dictionary(uniqueKeysWithValues: scripts))
    for (index, stop) in stops.enumerated() {
      let seed = UInt64(index + 1)
      let session = try await scripted.policy.begin(PolicyContract.prompt, seed: Seed(seed))
      let first = try await session.generate(injecting: "", stops: ["</bash>"], maxTokens: 99)
      let output = "<stdout>\nrose\n</stdout>\n"
      let second = try await session.generate(injecting: output, stops: ["</bash>"], maxTokens: 99)
      await session.end()
      #expect(first.text == "</cot><bash>ls</bash>" && first.stop == .stopString)
      #expect(first.tokens == drawn[index] && first.logProbabilities.count == first.tokens.count)
      #expect((first.lastRead == nil) == stop.surplus.isEmpty)
      #expect(second.text == "ok" && second.stop == .endOfTurn)
      // The last token of a rollout is never read.
      let expected = session.prompt.text + first.text + output + second.text
      #expect(scripted.read(session, seed) == Array(expected.utf8), "\(stop)")
    }
  }

  @Test("Without an injection, a stop changes nothing of the text", arguments: StopVocabulary.allCases)
  func continued(_ vocabulary: StopVocabulary) async throws {
    let speller = try Speller(vocabulary)
    let stops = speller.stops
    let drawn = try stops.map { try speller.spell("</cot><bash>ls", $0) + speller.spell("ok") }
    let scripts = Dictionary(uniqueKeysWithValues: drawn.enumerated().map { (UInt64($0 + 1), $1) })
    let scripted = try Scripted(speller, scripts: scripts)
    for (index, script) in drawn.enumerated() {
      let session = try await scripted.policy.begin(PolicyContract.prompt, seed: Seed(UInt64(index + 1)))
      var pieces: [Generation] = []
      // Some of them begin in one text and end in the next one.
      let phrases = ["</bash>", "</b", "h>\n", "ash>"]
      repeat {
        pieces.append(try await session.generate(injecting: "", stops: phrases, maxTokens: 99))
      } while pieces.last?.stop == .stopString && pieces.count < 20
      await session.end()
      #expect(pieces.flatMap(\.tokens) == script + [speller.tokenizer.endOfTurn])
      let text = speller.tokenizer.decode(script, after: session.prompt.tokens.last)
      #expect(pieces.map(\.text).joined() == text)
      var written = ""
      for piece in pieces {
        written += piece.text
        #expect(
          (piece.stop == .stopString)
            == phrases.contains { Array(written.utf8).suffix($0.utf8.count).elementsEqual($0.utf8) }, "\(stops[index])")
      }
      // Every end of every stop string was a stop.
      let bytes = speller.tokenizer.decode(bytes: script, after: session.prompt.tokens.last)
      let count = bytes.indices.count { end in
        phrases.contains { bytes[...end].suffix($0.utf8.count).elementsEqual($0.utf8) }
      }
      #expect(pieces.count { $0.stop == .stopString } == count)
    }
  }

  @Test(
    "Every well-formed command of an episode is executed, and the model reads the transcript",
    arguments: StopVocabulary.allCases)
  func episodes(_ vocabulary: StopVocabulary) async throws {
    let speller = try Speller(vocabulary)
    let stops = speller.stops
    let scripts = try stops.indices.map { index in
      try speller.spell("look</cot><bash>ls -a", stops[index])
        + speller.spell("<cot>so</cot><bash>cat a.txt", stops[(index * 7 + 3) % stops.count])
        + speller.spell("done")
    }
    let scripted = try Scripted(
      speller, scripts: Dictionary(uniqueKeysWithValues: scripts.enumerated().map { (Self.seed($0), $1) }))
    for (index, script) in scripts.enumerated() {
      let episode = try await scripted.episode(index)
      let transcript = episode.transcript
      #expect(transcript.executedCommands(limits: EpisodeLimits()) == ["ls -a", "cat a.txt"])
      #expect(episode.result == .graded(Outcome(facts: [.honest: true], measures: ["ran": 2]), stop: .finished))
      let answer =
        "look</cot><bash>ls -a</bash><stdout>\nls -a\n</stdout>\n<cot>so</cot><bash>cat a.txt</bash>"
        + "<stdout>\ncat a.txt\n</stdout>\ndone"
      #expect(transcript.text == (transcript.segments.first?.text ?? "") + answer)
      let drawn = transcript.segments.filter { $0.source == .policy }.flatMap(\.tokens)
      #expect(drawn == script + [speller.tokenizer.endOfTurn])
      try expectTrained(transcript, scripted, seed: Self.seed(index))
    }
  }

  /// What training starts from is what the row has read and drawn, with the probabilities of the training graph.
  private func expectTrained(_ transcript: Transcript, _ scripted: Scripted, seed: UInt64) throws {
    let read = TokenizedTranscript(transcript)
    let prompt = transcript.segments.first?.tokens.count ?? 0
    #expect(Array(read.tokens[(prompt - 1)..<(read.tokens.count - 1)]) == scripted.log.read(seed))
    let end = scripted.speller.tokenizer.endOfTurn
    #expect(
      scripted.speller.tokenizer.decode(bytes: read.tokens.dropLast(), after: nil) == Array(transcript.text.utf8)
        && read.tokens.last == end)
    let drawn = transcript.segments.filter { $0.source == .policy }.flatMap(\.tokens)
    let places = read.isDrawn.indices.filter { read.isDrawn[$0] }
    #expect(places.map { read.targets[$0] } == drawn)
    let model = try scripted.checkpoint.model()
    let logits = try model.logits(MLXArray(read.tokens, [1, read.tokens.count]), model.parameters)
    let all = try (logits - logits.logSumExp(axis: -1, keepDims: true)).asArray(Float.self)
    let recorded = try #require(read.logProbabilities)
    let errors = places.map { place in
      abs(all[(place - 1) * logits.dim(2) + Int(read.targets[place])] - recorded[place])
    }
    #expect(errors.max() ?? 1 < 1e-4)
  }

  @Test("Stopping an episode at phrases, and cloning it there, leaves no trace", arguments: StopVocabulary.allCases)
  func phrases(_ vocabulary: StopVocabulary) async throws {
    let speller = try Speller(vocabulary)
    let stops = speller.stops
    let scripts = try stops.map { stop in
      try speller.spell("look</cot><bash>ls -a", stop) + speller.spell("now</bash><bash>x", stop)
        + speller.spell("done")
    }
    let byIndex = Dictionary(uniqueKeysWithValues: scripts.enumerated().map { (Self.seed($0), $1) })
    let plain = try Scripted(speller, scripts: byIndex)
    let stopped = try Scripted(speller, scripts: byIndex)
    for index in scripts.indices {
      let whole = try await plain.episode(index)
      let sample = try EchoWorld().sample(variant: index, arm: .standard, style: .brief)
      var episode = try await LiveEpisode(
        sample, in: EchoWorld(), by: stopped.policy, seed: Seed(Self.seed(index)))
      try await episode.open()
      var boundary: EpisodeBoundary
      var copies: [LiveEpisode] = []
      repeat {
        boundary = try await episode.advance(stoppingAt: ["bash>\n", "ls", "</", "now"])
        if boundary == .phrase { copies.append(try await episode.fork(seed: Seed(7))) }
      } while boundary != .end(.finished)
      let key = EchoWorld.key(index)
      let result = try await episode.finish(key, seed: whole.seed, stop: .finished)
      #expect(result.transcript == whole.transcript && result.result == whole.result)
      #expect(!copies.isEmpty)
      for copy in copies { await copy.abandon() }
    }
  }
}
