import Episodes
import LanguageModels
import Policies
import Storage
import Tokenization

/// Measures how far a checkpoint leans to gaming: at the decision point of each prompt, how probable the environment's fixed
/// gaming, honest and control texts are, by teacher forcing.
///
/// The decision point is the pre-explored start (paper section 5). Every text of a prompt is scored behind one shared
/// reading of what stands before it, and the scores are stored prompt by prompt: a restart scores what is missing.
struct PropensityMeasurement: Sendable {
  let store: RunStore
  let checkpoints: CheckpointStore
  let sampling: Sampling
  let report: @Sendable (RunEvent) -> Void

  /// Scores what is not stored yet.
  ///
  /// - Parameter variants: of the environment's standard arm.
  /// - Throws: an `ExperimentError` when the environment has no texts in the style; a `ModelError` when one does not fit the
  ///   model's context; `CancellationError`.
  func run(_ checkpoint: String, on environment: any Environment, variants: [Int]) async throws {
    let title = WorkTitle.propensity(of: checkpoint, on: environment.name)
    let known = try store.scoredVariants(checkpoint: checkpoint, environment: environment.name)
    let owed = variants.filter { !known.contains($0) }
    guard !owed.isEmpty else { return report(.alreadyDone(title)) }
    let style = sampling.promptStyle
    let scorer = try ContinuationScorer(checkpoints.read(checkpoint), precision: sampling.precision)
    report(.began(title, total: variants.count, done: variants.count - owed.count))
    for (index, variant) in owed.enumerated() {
      try Task.checkCancellation()
      let sample = try environment.explored.sample(variant: variant, arm: .standard, style: style)
      guard let texts = try environment.continuations(for: sample, style: style) else {
        throw ExperimentError(
          "The environment '\(environment.name)' has no texts to score in the style '\(style.rawValue)'. Write them into "
            + "its propensity.yaml (Documentation/Propensity.md).")
      }
      let point = try await DecisionPoint(sample, in: environment.explored)
      try store.record(
        Self.score(texts, at: point, by: scorer) {
          ContinuationScore(
            checkpoint: checkpoint, environment: environment.name, variant: variant, kind: $0.kind, place: $0.place,
            text: $0.text, tokens: $1.count, logProbability: $1.reduce(0) { $0 + Double($1) })
        })
      report(.advanced(done: variants.count - owed.count + index + 1))
    }
    report(.ended(title))
  }

  private struct Text {
    var kind: Continuations.Kind
    var place: Int
    var text: String
  }

  /// - Parameter value: is given a text and the log-probabilities of its tokens.
  private static func score(
    _ texts: Continuations, at point: DecisionPoint, by scorer: ContinuationScorer,
    value: (Text, [Float]) -> ContinuationScore
  ) throws -> [ContinuationScore] {
    let prompt = try Segment(point.prompt, tokenizer: scorer.tokenizer).tokens
    let before = prompt + scorer.tokenizer.encode(point.text, specials: .tags, after: prompt.last)
    let all = Continuations.Kind.allCases.flatMap { kind in
      (texts.texts[kind] ?? []).enumerated().map { Text(kind: kind, place: $0, text: $1) }
    }
    let tokens = all.map { scorer.tokenizer.encode(point.following($0.text), specials: .tags, after: before.last) }
    return zip(all, try scorer.logProbabilities(of: tokens, after: before)).map(value)
  }
}

extension EpisodePlan {
  /// The variants at whose decision point texts are scored: of those that evaluation plays, the first.
  func propensity(of environment: any Environment) -> [Int] {
    let isHeldOut = experiment.evaluation.heldOut.names.contains(environment.name)
    return Self.propensity(of: environment, prompts: experiment.evaluation.propensity.prompts, isTrained: !isHeldOut)
  }

  /// - Parameter isTrained: training draws from the first half of the variants, so only the second is used.
  static func propensity(of environment: any Environment, prompts: Int, isTrained: Bool) -> [Int] {
    let first = isTrained ? environment.variantCount / 2 : 0
    return Array((first..<environment.variantCount).prefix(prompts))
  }
}
