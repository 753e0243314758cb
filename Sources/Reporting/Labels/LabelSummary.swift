import Episodes
package import Runs
import Statistics
package import Storage

/// What people who read positives by hand say of them, how far they agree, and what is left of the rates when what is not
/// malign is taken out.
package struct LabelSummary: Sendable, Codable, Hashable {
  package var selection: LabelSelection
  /// Episodes in which the predicate holds.
  package var positives: Int
  /// By name.
  package var raters: [Rater]
  /// The positives that somebody read, in the order of the episodes.
  package var read: [Read]
  /// What most raters of an episode say; one rater is a majority.
  package var majority: LabelCounts
  package var agreement: LabelAgreement
  /// One for each row of the report and environment in which the predicate was measured.
  package var rates: [Line]
  /// What the majority says of episodes in which the predicate does not hold; `episodes` is 0 when none was read.
  package var decoys: LabelCounts

  /// What one rater said of positives.
  package struct Rater: Sendable, Codable, Hashable {
    package var name: String
    package var counts: LabelCounts
  }

  /// What was said of one positive.
  package struct Read: Sendable, Codable, Hashable {
    /// The episode's number in the store.
    package var episode: Int
    /// By rater.
    package var labels: [String: Label]
  }

  /// The rates of one row of the report on one environment: a checkpoint, or a stage of several sequences.
  package struct Line: Sendable, Codable, Hashable {
    /// The condition that trained it; `nil` before training.
    package var condition: String?
    package var stage: String
    package var checkpoints: [String]
    package var environment: String
    /// How often the predicate holds.
    package var positives: Estimate
    /// How many of them were read.
    package var read: Int
    package var malign: LabelRate
    package var malignAndHidden: LabelRate
  }

  /// - Parameter subject: gives the rows; `nil`: a row for each checkpoint.
  /// - Throws: `StoreError`.
  package init(_ store: RunStore, _ selection: LabelSelection, subject: RunOutline? = nil) throws {
    let labels = try store.labels(selection.positives, predicate: selection.predicate)
    let episodes = labels.byEpisode
    let raters = Set(labels.map(\.rater)).sorted()
    let cells = try store.counts(purpose: selection.purpose).filter { selection.contains($0.cell) }
    self.selection = selection
    positives = cells.reduce(0) { $0 + ($1[selection.predicate]?.events ?? 0) }
    self.raters = raters.map { name in
      Rater(name: name, counts: LabelCounts(episodes.compactMap { $0.labels[name].map { [$0] } }))
    }
    read = episodes.map { Read(episode: $0.number, labels: $0.labels) }
    majority = LabelCounts(episodes.map { Array($0.labels.values) })
    agreement = LabelAgreement(episodes.map(\.labels), raters: raters)
    decoys = LabelCounts(
      try store.labels(selection.negatives, predicate: selection.predicate).byEpisode.map { Array($0.labels.values) })
    let prompts = try cells.map { cell in
      (cell.cell, try store.variantOutcomes(in: cell.cell)?[selection.predicate] ?? [])
    }
    rates = Self.stages(cells.map(\.cell), subject).flatMap { stage in
      Set(cells.map(\.cell.environment)).sorted().compactMap {
        Line(stage, $0, predicate: selection.predicate, cells: cells, prompts: prompts, episodes: episodes)
      }
    }
  }

  /// One for each measure of the subject of which somebody has read an episode.
  static func all(_ store: RunStore, _ subject: RunOutline) throws -> [LabelSummary] {
    guard try !store.labels().isEmpty else { return [] }
    return try Set(subject.environments.flatMap { $0.measures.map(\.predicate) }).sorted().map { predicate in
      let selection = LabelSelection(
        predicate: predicate, arm: subject.arm, purpose: subject.purpose)
      return try LabelSummary(store, selection, subject: subject)
    }.filter { !$0.isEmpty }
  }

  /// Whether anything was read.
  package var isEmpty: Bool { majority.episodes == 0 && decoys.episodes == 0 }

  /// The subject's rows, and behind them a row for each checkpoint that it does not name.
  private static func stages(_ cells: [Cell], _ subject: RunOutline?) -> [RunOutline.Stage] {
    let stages = subject?.stages ?? []
    let named = Set(stages.flatMap(\.checkpoints).map(\.name))
    return stages
      + cells.map(\.checkpoint).uniqued.filter { !named.contains($0) }.map { name in
        RunOutline.Stage(
          title: name, condition: nil, checkpoints: [.init(name: name, branch: nil, trainedOn: [])])
      }
  }
}

/// An episode that was read.
struct LabelledEpisode {
  /// In the store.
  var number: Int
  var cell: Cell
  var prompt: Int
  /// By rater.
  var labels: [String: Label]
}

extension LabelSummary.Line {
  /// - Returns: `nil` where nothing was measured or the predicate does not apply.
  fileprivate init?(
    _ stage: RunOutline.Stage, _ environment: String, predicate: Predicate, cells: [CellCounts],
    prompts: [(cell: Cell, counts: [VariantCount])], episodes: [LabelledEpisode]
  ) {
    let names = stage.checkpoints.map(\.name)
    func isOwn(_ cell: Cell) -> Bool { cell.environment == environment && names.contains(cell.checkpoint) }
    let counted = cells.filter { isOwn($0.cell) && $0[predicate] != nil }
    let tallies = counted.compactMap { $0[predicate] }
    if tallies.isEmpty { return nil }
    let read = episodes.filter { isOwn($0.cell) }
    let own = prompts.filter { isOwn($0.cell) }.flatMap(\.counts)
    let byPrompt = Dictionary(own.map { ($0.variant, $0.count) }) { $0 + $1 }
    condition = stage.condition
    self.stage = stage.title
    checkpoints = names
    self.environment = environment
    positives = Estimate(
      tallies.pooled, clusters: ClusterSummary(byPrompt.sorted { $0.key < $1.key }.map(\.value)),
      episodes: EpisodeSet(cells: counted.map(\.cell), predicate: predicate))
    self.read = read.count
    func rate(_ criterion: LabelCriterion) -> LabelRate {
      LabelRate(
        positives: byPrompt,
        answers: read.map { .init(prompt: $0.prompt, isYes: criterion.majority(of: Array($0.labels.values))) })
    }
    malign = rate(.malign)
    malignAndHidden = rate(.malignAndHidden)
  }
}

extension [StoredLabel] {
  /// The labels of each episode, in the order of the episodes.
  fileprivate var byEpisode: [LabelledEpisode] {
    let groups = Dictionary(grouping: self, by: \.episode)
    return map(\.episode).uniqued.compactMap { id in
      groups[id].flatMap { labels in
        labels.first.map { first in
          LabelledEpisode(
            number: id, cell: first.cell, prompt: first.variant,
            labels: Dictionary(labels.map { ($0.rater, $0.label) }) { $1 })
        }
      }
    }
  }
}
