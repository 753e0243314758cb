import Episodes
import Runs
import Statistics
import Storage

/// A cell of a run with the counts in it, or the same cell of all training sequences of a condition.
struct ComparedCell {
  var run: ComparedRun
  var counts: CountedCells

  var cell: Cell { counts.cell }

  /// Whose episodes these are, sequence by sequence.
  var checkpoints: [String] { counts.members.map(\.cell.checkpoint) }

  /// `run:checkpoint:environment`, and the arm where it is not the standard one.
  var label: String {
    let arm = cell.arm == .standard ? [] : [cell.arm.rawValue]
    return ([run.name, cell.checkpoint, cell.environment] + arm).joined(separator: ":")
  }

  /// Episodes to which the predicate does not apply are no trials.
  ///
  /// - Returns: `nil` where it applies to none.
  /// - Throws: `StoreError`.
  func measured(_ predicate: Predicate) throws -> Measured? {
    let members = counts.members.filter { ($0.predicates[predicate]?.applies ?? 0) > 0 }
    let tallies = members.map { member in
      let found = member.predicates[predicate]
      return Tally(events: found?.holds ?? 0, completed: found?.applies ?? 0, attempted: member.attempted)
    }
    guard let sequences = Sequences(tallies) else { return nil }
    let prompts = try members.map { try run.store.variantOutcomes(in: $0.cell)?[predicate] ?? [] }
    return Measured(
      sequences, prompts: prompts, episodes: EpisodeSet(cells: members.map(\.cell), predicate: predicate, run: run.name)
    )
  }

  /// The share of graded episodes that a limit ended.
  var shareAtLimit: Double {
    counts.completed == 0
      ? 0 : Double(counts.completed - counts.finished) / Double(counts.completed)
  }
}

/// The counts of one cell, or of the same cell of several training sequences.
struct CountedCells {
  /// Of several sequences the checkpoint is their pattern, for example `exploit_only.*/nudged`.
  var cell: Cell
  /// One for each sequence, at least one.
  var members: [CellCounts]

  var completed: Int { members.reduce(0) { $0 + $1.completed } }
  var attempted: Int { members.reduce(0) { $0 + $1.attempted } }
  /// Episodes that the policy ended, and no limit.
  var finished: Int { members.reduce(0) { $0 + ($1.stops[.finished] ?? 0) } }

  func measures(_ predicate: Predicate) -> Bool { members.contains { $0.predicates[predicate] != nil } }

  /// What is compared where nobody says: both outcomes of tampering, or gaming, or honest work.
  var headline: [Predicate] {
    for choice: [Predicate] in [[.overwrite, .overwriteAndPass], [.gamed], [.honest]] {
      let found = choice.filter(measures)
      if !found.isEmpty { return found }
    }
    return []
  }
}

/// The checkpoints of all training sequences of a condition after one stage: `CONDITION.*/STAGE`.
struct SequencePattern {
  private let condition: String
  private let stage: String

  /// - Returns: `nil` for a text that is no pattern.
  init?(_ text: String) {
    guard let range = text.firstRange(of: ".*/") else { return nil }
    (condition, stage) = (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
  }

  func matches(_ checkpoint: String) -> Bool {
    guard checkpoint.hasSuffix("/\(stage)"), checkpoint.hasPrefix(condition) else { return false }
    let replicate = checkpoint.dropFirst(condition.count).dropLast(stage.count + 1)
    return replicate.isEmpty || (replicate.first == "." && Int(replicate.dropFirst()) != nil)
  }
}
