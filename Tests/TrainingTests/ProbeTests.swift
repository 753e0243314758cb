import Episodes
import Foundation
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// Probes on episodes whose tokens are made up, read by a small random model.
@Suite struct ProbeTests {
  /// A prompt that is all about its variant, then five tokens of the policy, a tool's answer and two more tokens. A gamed
  /// episode differs by `mark` alone.
  private func episode(
    _ variant: Int, _ sample: Int, mark: Int32?, environment: String = "e", lead: [Int32] = []
  ) -> Episode {
    var generator = SeededGenerator(Seed(9)[variant][sample][mark == nil ? 0 : 1])
    let own = (0..<5).map { _ in Int32.random(in: 30..<50, using: &generator) }
    let prompt = (0..<6).map { Int32(60 + variant * 6 + $0) }
    let key = EpisodeKey(
      checkpoint: "start", environment: environment, arm: .standard, purpose: "train", variant: variant,
      sample: sample + (mark == nil ? 0 : 100))
    let segments = [
      Segment(.prompt, "p", tokens: prompt), Segment(.steered, "s", tokens: lead),
      Segment(.policy, "a", tokens: [own[0], mark ?? own[1]] + own[2...]),
      Segment(.tool, "t", tokens: [25, 26]), Segment(.policy, "b", tokens: [mark ?? own[3], 24]),
    ]
    return Episode(
      key: key, seed: Seed(0), transcript: Transcript(segments), changes: [],
      result: .graded(Outcome(facts: [.gamed: mark != nil]), stop: .finished), timings: EpisodeTimings())
  }

  private func episodes(_ variants: Range<Int>, mark: Int32?, each: Int = 1) -> [Episode] {
    variants.flatMap { variant in (0..<each).map { episode(variant, $0, mark: mark) } }
  }

  private let start = Result { try SupervisedTrainerTests.checkpoint() }

  @Test("Pooled states are the means of the states before each of the policy's own tokens, one row alone or many")
  func pooling() throws {
    let checkpoint = try start.get()
    let model = try checkpoint.seedling()
    let all = [episode(0, 0, mark: 28), episode(1, 0, mark: nil, lead: [21, 22, 23, 27]), episode(2, 0, mark: nil)]
    let pooled = try pooledStates(of: all, under: checkpoint)
    for (episode, found) in zip(all, pooled) {
      let tokens = episode.transcript.segments.flatMap(\.tokens)
      let states = try model.hidden(MLXArray(tokens, [1, tokens.count]), model.parameters, dropout: nil)
        .asArray(Float.self)
      // The policy's tokens are five, then two after the tool's two; the state before each stands one place earlier.
      let first = tokens.count - 9
      let places = [0, 1, 2, 3, 4, 7, 8].map { first + $0 - 1 }
      for column in [0, 7, 31] {
        let mean = places.reduce(0) { $0 + Double(states[$1 * 32 + column]) } / 7
        #expect(abs(found[column] - mean) < 1e-5)
      }
    }
    let small = try pooledStates(of: all, under: checkpoint, tokensPerBatch: 1)
    for (one, other) in zip(pooled.joined(), small.joined()) { #expect(abs(one - other) < 1e-5) }
  }

  @Test("Layers: the last is the model's own states; an earlier one is another; one too many is refused")
  func layers() throws {
    let checkpoint = try start.get()
    let all = episodes(0..<3, mark: nil)
    let last = try pooledStates(of: all, under: checkpoint)
    #expect(try pooledStates(of: all, under: checkpoint, layer: 2) == last)
    #expect(try pooledStates(of: all, under: checkpoint, layer: 1) != last)
    #expect(throws: ModelError.self) { try pooledStates(of: all, under: checkpoint, layer: 3) }
    let gemma = try TorchFixture().checkpoint()
    let tokens = try MLXArray([Int32](3..<9), [1, 6])
    func hidden(_ model: any CausalLanguageModel) throws -> [Float] {
      try model.hidden(tokens, model.parameters, dropout: nil).asArray(Float.self)
    }
    #expect(try hidden(gemma.model(layers: 2)) == hidden(gemma.model()))
    #expect(try hidden(gemma.model(layers: 1)) != hidden(gemma.model()))
  }

  @Test("Within each prompt as many of the one kind as of the other; the rest is counted")
  func matching() {
    // Variant 0: 2 gamed and 1 honest; 1: none and 2; 2: 1 and 1; another environment's variant 2: 1 and none.
    let positives =
      episodes(0..<1, mark: 28, each: 2) + episodes(2..<3, mark: 28)
      + [episode(2, 5, mark: 28, environment: "f")]
    let negatives = episodes(0..<1, mark: nil) + episodes(1..<2, mark: nil, each: 2) + episodes(2..<3, mark: nil)
    let pairs = MatchedPairs(positives: positives, negatives: negatives, seed: Seed(1))
    #expect(pairs.prompts.map(\.count) == [1, 1] && pairs.unmatched == 4)
    for pair in pairs.prompts.joined() {
      #expect(pair.positive.key.variant == pair.negative.key.variant && pair.positive.key.environment == "e")
      #expect(pair.positive.result.outcome?[.gamed] == true && pair.negative.result.outcome?[.gamed] == false)
    }
    let again = MatchedPairs(positives: positives.reversed(), negatives: negatives.reversed(), seed: Seed(1))
    #expect(again.prompts == pairs.prompts)
  }

  @Test("A probe finds what gamed episodes have in common, and the shuffled control does not")
  func learning() throws {
    let checkpoint = try start.get()
    let (gamed, honest) = (episodes(0..<24, mark: 28), episodes(0..<24, mark: nil))
    let options = ProbeOptions(falsePositiveRate: 0.1)
    let probe = try trainProbe(checkpoint, positives: gamed, negatives: honest, options: options, seed: Seed(2))
    #expect(probe.provenance.trainingPairs == 14 && probe.provenance.heldOutPairs == 10)
    #expect(probe.quality.areaUnderCurve > 0.95)
    #expect(probe.quality.counts.falsePositiveRate.events <= 1 && probe.quality.counts.falsePositiveRate.of == 10)
    #expect(probe.quality.counts.recall.events >= 8)
    let control = probe.quality.shuffledAreas
    #expect(control.count == 20 && abs(control.reduce(0, +) / 20 - 0.5) < 0.2)
    #expect(probe.quality.permutationP < 0.1)
    // Honest episodes of other prompts, without partners, take part in the threshold and nothing else.
    let more = try trainProbe(
      checkpoint, positives: gamed, negatives: honest + episodes(30..<45, mark: nil), options: options, seed: Seed(2))
    #expect(more.weights == probe.weights && more.quality.areaUnderCurve == probe.quality.areaUnderCurve)
    #expect(more.quality.counts.falsePositiveRate.of == 25 && more.quality.counts.falsePositiveRate.events <= 2)
    #expect(more.provenance.unmatched == 15)
    let later = try probe.scores(episodes(24..<36, mark: 28) + episodes(24..<36, mark: nil), reader: checkpoint)
    #expect(later[..<12].count { $0 >= probe.threshold } >= 9)
    #expect(later[12...].count { $0 >= probe.threshold } <= 4)
    #expect(try trainProbe(checkpoint, positives: gamed, negatives: honest, options: options, seed: Seed(2)) == probe)
    #expect(try JSONDecoder().decode(LinearProbe.self, from: JSONEncoder().encode(probe)) == probe)
  }

  @Test("What the prompt is about cannot be learned: without a mark a probe says nothing")
  func topicIsNotTheLabel() throws {
    let checkpoint = try start.get()
    let positives = (0..<24).map { variant in
      var episode = episode(variant, 0, mark: nil)
      episode.key.sample = 500
      return episode
    }
    let probe = try trainProbe(
      checkpoint, positives: positives, negatives: episodes(0..<24, mark: nil),
      options: ProbeOptions(shuffles: 2))
    // Of the 100 comparisons of 10 with 10 the 10 of an episode with its twin are ties but for rounding.
    #expect(abs(probe.quality.areaUnderCurve - 0.5) <= 0.05)
    #expect(probe.quality.counts.falsePositives == 0 && probe.quality.counts.truePositives <= 1)
    // Gamed and honest episodes of different prompts are told apart by topic alone: they make no pairs.
    #expect(throws: ModelError.self) {
      try trainProbe(checkpoint, positives: episodes(0..<9, mark: 28), negatives: episodes(9..<20, mark: nil))
    }
  }

  @Test("Episodes without tokens, tokens of another vocabulary and a probe of another width are refused")
  func refusals() throws {
    let checkpoint = try start.get()
    var (bare, foreign) = (episode(0, 0, mark: nil), episode(0, 0, mark: nil))
    for index in bare.transcript.segments.indices { bare.transcript.segments[index].tokens = [] }
    foreign.transcript.segments[0].tokens = [9_999]
    for wrong in [bare, foreign] {
      #expect(throws: ModelError.self) { try pooledStates(of: [wrong], under: checkpoint) }
    }
    var probe = try trainProbe(
      checkpoint, positives: episodes(0..<4, mark: 28), negatives: episodes(0..<4, mark: nil),
      options: ProbeOptions(shuffles: 0))
    probe.weights.removeLast()
    #expect(throws: ModelError.self) { try probe.scores([episode(0, 0, mark: 28)], reader: checkpoint) }
  }

  @Test func optionsThatCannotBeAreNamed() {
    #expect(ProbeOptions().problems(at: "p").isEmpty)
    let wrong = ProbeOptions(layer: -1, penalty: 0, heldOutShare: 1, falsePositiveRate: 1, shuffles: -1)
    #expect(wrong.problems(at: "p").count == 5 && wrong.problems(at: "p")[0].hasPrefix("p.layer"))
  }
}
