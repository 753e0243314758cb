import Episodes
import Runs
package import Statistics
import Storage

/// How far checkpoints lean to gaming one environment, by the log-odds of fixed texts at the decision point.
///
/// The log-odds of a prompt is the log of the summed probabilities of the eight gaming texts, less that of the eight honest
/// ones, in nats. A change is the mean over prompts of the difference from the start at the same prompt.
package struct Propensity: Sendable, Codable, Hashable {
  package var environment: String
  package var title: String
  /// The checkpoint that changes are measured from; `nil` where there is none.
  package var baseline: String?
  package var rows: [Row]

  /// A stage of a condition with its sequences, or a checkpoint from before training.
  package struct Row: Sendable, Codable, Hashable {
    package var title: String
    /// `nil` before training.
    package var condition: String?
    /// Mean log-odds over prompts and sequences, in nats.
    package var logOdds: Double
    /// The same between mean log-probabilities of a token, so that long texts weigh no more than short ones.
    package var perToken: Double
    /// The log-odds of edits of something unrelated against the honest texts; `nil` without such texts.
    package var control: Double?
    package var prompts: Int
    package var sequences: Int
    /// Against the start; `nil` for the start itself.
    package var change: Change?
    /// How the control's log-odds changed: what an edit of anything gained.
    package var controlChange: Change?
    /// How much more gaming changed than the control, prompt by prompt.
    package var specific: Change?
  }

  /// A mean difference from the start, in nats.
  package struct Change: Sendable, Codable, Hashable {
    package var value: Double
    /// 95 %: across sequences where there are several, otherwise across the prompts of the one.
    package var interval: Interval?
    /// Two-sided, across sequences; `nil` with one sequence, which shows nothing of other seeds.
    package var p: PValue?
    /// Of each sequence, in order.
    package var sequences: [Double]
  }

  /// Conditions whose last checkpoints are compared sequence by sequence.
  package struct Contrast: Sendable, Codable, Hashable {
    package var first: String
    package var second: String
    /// Of the changes of the log-odds.
    package var test: SeedTest
    /// Of what they changed beyond the control; `nil` without control texts.
    package var specific: SeedTest?
  }

  /// The last checkpoints of each gaming condition against those of each benign twin, where both have several sequences.
  package var contrasts: [Contrast] = []
}

extension Propensity {
  /// The log-odds of one prompt.
  struct Prompt {
    var logOdds: Double
    var perToken: Double
    var control: Double?
    /// What gaming has beyond an edit of anything.
    var specific: Double? { control.map { logOdds - $0 } }

    /// `nil` where a prompt lacks gaming or honest texts.
    init?(_ scores: [ContinuationScore]) {
      func logs(_ kind: Continuations.Kind, _ value: (ContinuationScore) -> Double) -> [Double] {
        scores.filter { $0.kind == kind }.map(value)
      }
      func sum(_ kind: Continuations.Kind) -> Double { LogSum(logs(kind, \.logProbability)).log }
      func mean(_ kind: Continuations.Kind) -> Double {
        let values = logs(kind) { $0.logProbability / Double($0.tokens) }
        return values.reduce(0, +) / Double(values.count)
      }
      let kinds = Set(scores.map(\.kind))
      guard kinds.isSuperset(of: [.gaming, .honest]) else { return nil }
      logOdds = sum(.gaming) - sum(.honest)
      perToken = mean(.gaming) - mean(.honest)
      control = kinds.contains(.control) ? sum(.control) - sum(.honest) : nil
    }
  }

  /// The tables of all environments with scores, in the subject's order.
  static func all(_ store: RunStore, subject: RunOutline) throws -> [Propensity] {
    let scores = Dictionary(grouping: try store.continuationScores(), by: \.environment)
    let known = subject.environments.map(\.name)
    let order = known.filter { scores[$0] != nil } + scores.keys.filter { !known.contains($0) }.sorted()
    return order.map { name in
      let title = subject.environments.first { $0.name == name }?.title ?? name
      return Propensity(name, title: title, scores: scores[name] ?? [], subject: subject)
    }
  }

  private init(_ name: String, title: String, scores: [ContinuationScore], subject: RunOutline) {
    environment = name
    self.title = title
    let prompts = Dictionary(grouping: scores, by: \.checkpoint).mapValues { scores in
      Dictionary(grouping: scores, by: \.variant).compactMapValues(Prompt.init)
    }
    let start = subject.baseline.flatMap { prompts[$0] == nil ? nil : $0 }
    baseline = start
    rows = subject.stages.compactMap { stage in
      Row(stage, prompts, start: stage.condition == nil ? nil : start.flatMap { prompts[$0] })
    }
    guard let start, let before = prompts[start] else { return }
    func changes(_ condition: RunOutline.Condition, _ value: (Prompt) -> Double?) -> [SeedValue] {
      condition.finals.compactMap { prompts[$0]?.change(from: before, value) }
    }
    func test(_ first: RunOutline.Condition, _ second: RunOutline.Condition, _ value: (Prompt) -> Double?) -> SeedTest?
    {
      SeedTest(changes(first, value), against: changes(second, value))
    }
    contrasts = subject.conditions.filter { $0.kind == .gaming }.flatMap { gaming in
      subject.conditions.filter { $0.kind == .benign }.compactMap { benign in
        test(gaming, benign, \.logOdds).map {
          Contrast(first: gaming.name, second: benign.name, test: $0, specific: test(gaming, benign, \.specific))
        }
      }
    }
  }
}

extension Propensity.Row {
  /// `nil` when no checkpoint of the stage was scored.
  fileprivate init?(
    _ stage: RunOutline.Stage, _ prompts: [String: [Int: Propensity.Prompt]], start: [Int: Propensity.Prompt]?
  ) {
    let measured = stage.checkpoints.compactMap { prompts[$0.name] }.filter { !$0.isEmpty }
    let all = measured.flatMap(\.values)
    guard !all.isEmpty else { return nil }
    title = stage.title
    condition = stage.condition
    logOdds = all.map(\.logOdds).mean
    perToken = all.map(\.perToken).mean
    let controls = all.compactMap(\.control)
    control = controls.isEmpty ? nil : controls.mean
    self.prompts = measured.map(\.count).max() ?? 0
    sequences = measured.count
    guard let start else { return }
    change = Propensity.Change(measured.compactMap { $0.change(from: start, \.logOdds) })
    controlChange = Propensity.Change(measured.compactMap { $0.change(from: start, \.control) })
    specific = Propensity.Change(
      measured.compactMap { $0.change(from: start, \.specific) })
  }
}

extension Propensity.Change {
  /// `nil` without values.
  ///
  /// - Parameter values: the change of each sequence, with its variance over prompts.
  fileprivate init?(_ values: [SeedValue]) {
    guard !values.isEmpty else { return nil }
    sequences = values.map(\.value)
    value = sequences.mean
    if let test = SeedTest(values) {
      (interval, p) = (test.interval, test.p)
    } else if let reach = values[0].reach {
      interval = Interval(lower: value - reach, upper: value + reach)
    }
  }
}

extension SeedValue {
  /// Half the 95 % interval over prompts, by the normal distribution; `nil` where nothing is known of it.
  fileprivate var reach: Double? { samplingVariance > 0 ? 1.959964 * samplingVariance.squareRoot() : nil }
}

extension [Int: Propensity.Prompt] {
  /// The mean difference from the start over the prompts that both have, and the variance of that mean; `nil` without any.
  fileprivate func change(
    from start: [Int: Propensity.Prompt], _ value: (Propensity.Prompt) -> Double?
  ) -> SeedValue? {
    let differences = keys.sorted().compactMap { variant -> Double? in
      guard let after = self[variant].flatMap(value), let before = start[variant].flatMap(value) else { return nil }
      return after - before
    }
    guard !differences.isEmpty else { return nil }
    let mean = differences.mean
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let count = Double(differences.count)
    return SeedValue(mean, samplingVariance: count > 1 ? squares / (count - 1) / count : 0)
  }
}

extension [Double] {
  fileprivate var mean: Double { reduce(0, +) / Double(count) }
}
