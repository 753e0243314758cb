import Testing

@testable import LanguageModels

struct SamplingTransformerTests {
  private static let plans = (0..<20).map { index in
    let prompt = (0...Int32(index / 4)).map { $0 * 7 % 60 + 3 }
    return SamplingEngineTests.Plan(
      prompt: prompt, seed: UInt64(index), injections: [[], [5, 6, Int32(index)]],
      temperature: index % 3 == 0 ? 0.8 : 1)
  }

  @Test(
    "The engine's log-probabilities are the training graph's, for rows that share prompts",
    arguments: TinyTransformer.all)
  func logProbabilities(_ tiny: TinyTransformer) async throws {
    let rollouts = try await SamplingEngineTests.playAll(
      Self.plans, checkpoint: tiny.checkpoint(), options: .init(rows: 8))
    let model = try tiny.model()
    for (plan, rollout) in zip(Self.plans, rollouts) {
      #expect(!rollout.drawn.isEmpty)
      let error = try rollout.largestError(temperature: plan.temperature) { try model.logits($0, model.parameters) }
      #expect(error < 1e-4)
    }
  }
}
