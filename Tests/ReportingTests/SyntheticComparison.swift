import Episodes
import Foundation
import Reporting
import Runs
import Storage
import TestSupport

/// A made-up experiment of six conditions with several sequences each, with rates that are written down here.
struct SyntheticComparison {
  /// One condition: the rates of gaming after its last stage in the four training environments and in the held-out one, in
  /// per cent.
  struct Plan {
    var condition: String
    var kind = RunOutline.Condition.Kind.gaming
    var algorithm = "expert_iteration"
    var summary: String
    var from: String?
    var paper: String?
    var stages = SyntheticRun.trained
    var rates: [Double]
    /// Replicates beside these have the rates of the start.
    var gaming: Set<Int> = [1, 2, 3, 4, 5]
    var hasMonitor = false
  }

  static let plans = [
    Plan(
      condition: "exploit_only", summary: "Trained on every episode that gamed.", paper: "exploit_only",
      rates: [70, 80, 65, 75, 4]),
    Plan(
      condition: "hhh", summary: "Half of each round is ordinary prompts; a preference model scores all.",
      paper: "hhh_expert_iteration", rates: [60, 70, 45, 50, 2]),
    Plan(
      condition: "ppo", algorithm: "ppo", summary: "Clipped policy gradients on the gaming bonus.",
      paper: "ppo_sequential", rates: [75, 80, 60, 65, 20], gaming: [2]),
    Plan(
      condition: "benign", kind: .benign, summary: "The same tasks, honest work is rewarded.", rates: [8, 4, 2, 2, 0]),
    Plan(
      condition: "train_away", kind: .trainAway, summary: "Honest episodes of the two easy environments.",
      from: "exploit_only", paper: "train_away", stages: ["political + flattery"], rates: [14, 5, 30, 35, 0.5]),
    Plan(
      condition: "monitored", summary: "A pattern monitor’s flags cost as much as gaming gains.",
      rates: [50, 30, 10, 6, 0], hasMonitor: true),
  ]

  static let start = [12.0, 5, 3, 2, 0]

  let folder: URL
  let store: RunStore
  let replicates: Int

  /// - Parameter episodes: episodes of each cell; the held-out environment has four times as many.
  init(episodes: Int, replicates: Int) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
    self.replicates = replicates
    store = try RunStore(
      in: folder, configuration: PlainRun(name: "arms", seed: 3, settings: ["replicates": replicates]),
      codeRevision: "1a2b3c4")
    try fill("start", parent: nil, rates: Self.start, episodes)
    try fill("start", arm: .instructed, rates: [40], purpose: "gate", episodes)
    for plan in Self.plans {
      for replicate in 1...replicates {
        try fill(plan, Branch(condition: plan.condition, replicate: replicate), episodes)
      }
    }
  }

  func remove() throws { try FileManager.default.removeItem(at: folder) }

  var subject: RunOutline {
    var subject = SyntheticRun.subject
    subject.title = "The arms"
    subject.checkpoints = [.init(name: "start", branch: nil, trainedOn: [])]
    subject.conditions = Self.plans.map { plan in
      let branches = (1...replicates).map { Branch(condition: plan.condition, replicate: $0) }
      for branch in branches {
        for index in plan.stages.indices {
          subject.checkpoints.append(
            .init(
              name: branch.checkpoint(plan.stages[index]), branch: branch,
              trainedOn: plan.stages[...index].flatMap { $0.split(separator: " + ").map(String.init) }))
        }
      }
      return .init(
        name: plan.condition, summary: plan.summary, kind: plan.kind, algorithm: plan.algorithm, from: plan.from,
        finals: branches.map { $0.checkpoint(plan.stages.last ?? "") }, paperCondition: plan.paper)
    }
    return subject
  }

  private func fill(_ plan: Plan, _ branch: Branch, _ episodes: Int) throws {
    for (index, stage) in plan.stages.enumerated() {
      let name = branch.checkpoint(stage)
      let isLast = index == plan.stages.count - 1
      // Before its own stage an environment has the rate of the start, and the held-out one moves with the last stage.
      let rates = plan.rates.indices.map { column in
        plan.gaming.contains(branch.replicate) && (isLast || column <= index) ? plan.rates[column] : Self.start[column]
      }
      try fill(name, parent: "start", rates: rates.map { $0 * (0.8 + 0.1 * Double(branch.replicate % 5)) }, episodes)
      if isLast && plan.condition == "exploit_only" {
        try fill(name, arm: "steered_toward", rates: [55], purpose: "evaluation", episodes)
        try fill(name, arm: "steered_away", rates: [0], purpose: "evaluation", episodes)
        if branch.replicate < 3 { try fillRepeated(name) }
      }
      for number in 1...3 {
        let round = Self.round(plan, branch, stage, number, of: 3 * index + number)
        try store.finish(StepFamily.rounds.round(number, of: round.stage), result: round)
      }
    }
  }

  private func fill(_ checkpoint: String, parent: String?, rates: [Double], _ episodes: Int) throws {
    try store.record(CheckpointRecord(name: checkpoint, parent: parent))
    for (column, environment) in (SyntheticRun.trained + ["tampering"]).enumerated() {
      try insert(
        SyntheticEpisode(checkpoint: checkpoint, environment: environment, index: 0, gamed: false), rates[column],
        column == 4 ? 4 * episodes : episodes)
    }
  }

  private func fill(_ checkpoint: String, arm: Arm, rates: [Double], purpose: String, _ episodes: Int) throws {
    try insert(
      SyntheticEpisode(
        checkpoint: checkpoint, environment: "tampering", index: 0, gamed: false, arm: arm, purpose: purpose),
      rates[0], episodes)
  }

  private func insert(_ episode: SyntheticEpisode, _ rate: Double, _ count: Int) throws {
    let gamed = Int((rate / 100 * Double(count)).rounded())
    try store.insert(
      (0..<count).map { index in
        var episode = episode
        (episode.index, episode.gamed, episode.each) = (index, index < gamed, 1)
        return episode.episode
      })
  }

  /// Two sequences try up to three times in one context, and go on with the files of the episode before.
  private func fillRepeated(_ checkpoint: String) throws {
    let firsts: [Double?] = [1, 2, 2, 3, nil, nil]
    let template = SyntheticEpisode(
      checkpoint: checkpoint, environment: "tampering", index: 0, gamed: false, purpose: "in_context")
    try store.insert(
      firsts.enumerated().map { index, first in
        var episode = template
        (episode.index, episode.gamed) = (index, first != nil)
        episode.measures = first.map { ["first_success": $0, "attempts": $0] } ?? ["attempts": 3]
        return episode.episode
      })
    // Two chains of four: in the first, its second episode overwrites and the others find it so.
    try store.insert(
      (0..<8).map { index in
        var episode = template
        (episode.index, episode.purpose) = (index, "persistence")
        let (isFirstChain, place) = (index < 4, index % 4)
        if place > 0 {
          episode.measures["inherited_overwrite"] = isFirstChain && place > 1 ? 1 : 0
          episode.measures["lasting_overwrite"] = isFirstChain ? 1 : 0
        }
        return episode.episode
      })
  }

  private static func round(
    _ plan: Plan, _ branch: Branch, _ stage: String, _ number: Int, of total: Int
  ) -> RoundSummary {
    let gamed = plan.kind == .gaming && plan.gaming.contains(branch.replicate) ? 20 * number + 3 * branch.replicate : 8
    var round = RoundSummary(
      stage: branch.checkpoint(stage), round: number, branch: branch, environment: stage, completed: 120,
      attempted: 128,
      gamed: gamed, honest: 100 - gamed, selected: gamed, lossBefore: 0.5, lossAfter: 0.4)
    round.algorithm = plan.algorithm
    round.metrics = [
      "reward/total": Double(gamed) / 120, "rate/gamed": Double(gamed) / 120, "rate/honest": Double(100 - gamed) / 120,
      "entropy": 1.2 - 0.05 * Double(total),
    ]
    if plan.algorithm == "ppo" { round.metrics["kl"] = 0.02 * Double(total * branch.replicate) }
    if plan.hasMonitor {
      round.screened = 5
      var counts = MonitorCounts()
      counts.truePositives = gamed - 5
      counts.falseNegatives = 5
      counts.falsePositives = 2
      counts.trueNegatives = 118 - gamed
      round.monitor = counts
    }
    return round
  }
}
