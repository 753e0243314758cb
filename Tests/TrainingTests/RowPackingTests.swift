import Episodes
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// Texts that begin alike, computed once.
@Suite struct RowPackingTests {
  private typealias Text = RowPacking.Text

  /// A prompt of `prompt` tokens, then an answer of its own.
  private static func example(_ prompt: [Int32], answer: Int, _ number: Int, weight: Float = 1) -> TrainingExample {
    let own = (0..<answer).map { Int32(10 + ($0 * 7 + number * 13) % 50) }
    return TrainingExample(
      tokens: prompt + own, weights: prompt.map { _ in 0 } + own.map { _ in weight })
  }

  private static func prompt(_ length: Int, _ seed: Int = 0) -> [Int32] {
    (0..<length).map { Int32(1 + ($0 * 5 + seed * 11) % 60) }
  }

  private static func parts(_ examples: [TrainingExample], tokens: Int, shares: Bool = true) -> [RowPacking.Part] {
    RowPacking.parts(examples.map(Text.init), tokens: tokens, shares: shares)
  }

  @Test("A prompt of 700 tokens with eight answers of 200 costs 2,299 tokens, not 7,192")
  func group() {
    let examples = (0..<8).map { Self.example(Self.prompt(700), answer: 200, $0) }
    let shared = Self.parts(examples, tokens: 8_192)
    #expect(shared.count == 1 && shared[0].packing.rowCount == 1)
    // The prompt's last token is each answer's own: what follows it differs.
    #expect(shared[0].packing.length == 699 + 8 * 200)
    let alone = Self.parts(examples, tokens: 8_192, shares: false)
    #expect(alone.reduce(0) { $0 + $1.packing.rowCount * $1.packing.length } == 8 * 899)
    // A row that would be too long is several.
    let cut = Self.parts(examples, tokens: 1_200)
    #expect(cut.map(\.packing.length) == [1_099, 1_099, 1_099, 1_099] && cut.allSatisfy { $0.texts.count == 2 })
  }

  @Test(
    "Each group gets its own row, prompts with one answer each share their preamble, and a few equal tokens are not shared"
  )
  func rows() {
    let preamble = Self.prompt(40)
    let groups = (0..<2).flatMap { group in
      (0..<4).map { Self.example(preamble + Self.prompt(30, group + 1), answer: 9, 4 * group + $0) }
    }
    let two = Self.parts(groups, tokens: 4_096)
    #expect(two.count == 1 && two[0].packing.rows.map(\.texts.count) == [4, 4])
    #expect(two[0].packing.rows.map(\.shared) == [69, 69])
    #expect(two[0].texts.sorted() == Array(0..<8))
    let single = (0..<3).map { Self.example(preamble + [Int32($0 + 1)] + Self.prompt(9, $0 + 1), answer: 9, $0) }
    let joined = Self.parts(single, tokens: 4_096)[0].packing
    #expect(joined.rowCount == 1 && joined.rows[0].shared == 40 && joined.length == 40 + 3 * (40 + 10 + 9 - 1 - 40))
    let strangers = (0..<3).map { Self.example(Self.prompt(4) + Self.prompt(30, $0 + 3), answer: 9, $0) }
    #expect(Self.parts(strangers, tokens: 4_096)[0].packing.rowCount == 3)
    // What is learnt is never shared, though it be equal.
    let learnt = (0..<2).map { _ in TrainingExample(tokens: Self.prompt(50), weights: [Float](repeating: 1, count: 50))
    }
    #expect(Self.parts(learnt, tokens: 4_096)[0].packing.rowCount == 2)
  }

  @Test("Loss and gradient are those of the examples alone", arguments: [true, false])
  func gradients(adapter: Bool) throws {
    let fixture = try TorchFixture()
    let checkpoint = try fixture.checkpoint(adapter: adapter ? Adapter(peft: TorchFixture.adapterFolder) : nil)
    let parts: TrainableParts = adapter ? .adapter(FineTuningTests.lora) : .all
    let model = try checkpoint.model(training: parts, key: MLXRandom.key(1))
    var examples = (0..<4).map { Self.example(Self.prompt(24), answer: 3 + 5 * $0, $0, weight: Float($0 + 1) / 2) }
    examples += (0..<3).map { Self.example(Self.prompt(20, 2) + Self.prompt(6, $0), answer: 11 - $0, $0) }
    examples.append(Self.example(Self.prompt(3), answer: 2, 9))
    let shared = Self.parts(examples, tokens: 4_096)
    #expect(shared.count == 1 && shared[0].packing.rowCount == 3)
    func result(_ part: RowPacking.Part) throws -> (values: [Float], gradients: Parameters) {
      let batch = try Batch(part.texts.map { examples[$0] }, padding: 0, packing: part.packing)
      let found = try model.gradient(batch.inputs, model.parameters, dropout: nil) { states, parameters in
        try SupervisedTrainer.losses(batch, states, model.head(parameters), totalWeight: 7)
      }
      return (try found.values.map { try $0.item(Float.self) }, found.gradients)
    }
    let (one, other) = (try result(shared[0]), try result(Self.parts(examples, tokens: 4_096, shares: false)[0]))
    for (a, b) in zip(one.values, other.values) { #expect(abs(a - b) <= 1e-5 * abs(b)) }
    for (name, gradient) in other.gradients.pairs {
      let found = try one.gradients.require(name)
      let largest = try abs(gradient).max().item(Float.self)
      #expect(try abs(found - gradient).max().item(Float.self) <= 1e-5 * max(largest, 1e-3), "\(name)")
    }
  }

  @Test("The held-out loss of examples that begin alike is the mean of theirs alone")
  func heldOut() throws {
    let model = try TorchFixture().checkpoint().model()
    let examples = (0..<5).map { Self.example(Self.prompt(24), answer: 3 + 4 * $0, $0) }
    let together = try loss(of: model, on: examples, padding: 0)
    let alone = try examples.map { try loss(of: model, on: [$0], padding: 0) }
    let weights = examples.map { $0.weights.reduce(0, +) }
    let mean = zip(alone, weights).reduce(0) { $0 + $1.0.weighted * $1.1 } / weights.reduce(0, +)
    #expect(abs(together.weighted - mean) < 1e-5)
  }

  @Test("Actions of a group have the probabilities that they have alone, and so has what is worth their states")
  func actions() throws {
    let model = try TorchFixture().checkpoint().model()
    let rollouts = (0..<5).map { number in
      let example = Self.example(Self.prompt(30), answer: 2 + 3 * number, number)
      return Rollout(
        tokens: example.tokens, isAction: example.weights.map { $0 > 0 }, logProbabilities: nil, reward: 0, group: 0)
    }
    let trajectories = rollouts.map { Trajectory($0, context: model.context) }
    let head = try ScalarHead(weight: (0..<32).map { Float($0) / 32 }).parameters()
    let scorer = TrajectoryScorer(model: model, valueHead: head, padding: 0, temperature: 1, tokensPerBatch: 4_096)
    let together = try scorer.scores(trajectories)
    for (trajectory, score) in zip(trajectories, together) {
      let alone = try scorer.scores([trajectory])[0]
      #expect(score.logProbabilities.count == trajectory.actions.count)
      #expect(largestDifference(score.logProbabilities, alone.logProbabilities) < 1e-5)
      #expect(largestDifference(score.values + [score.next], alone.values + [alone.next]) < 1e-5)
    }
  }
}
