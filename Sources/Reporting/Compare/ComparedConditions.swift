import Episodes
import Statistics
import Storage

/// What differs between two sides beside what is compared.
struct ComparedConditions {
  private let first: ComparedRun
  private let second: ComparedRun
  private var isSameRun: Bool { first.store.folder == second.store.folder }
  /// Environments whose prompts differ between the two runs.
  private var otherPrompts: [String] = []

  /// Prompts that are looked at in each environment to see whether two runs have the same.
  private static let looks = 3

  init(_ first: ComparedRun, _ second: ComparedRun) {
    self.first = first
    self.second = second
  }

  /// Whether episodes with the same variant number are of the same prompt, or of matched ones: the arms of an environment
  /// share their folders and files.
  ///
  /// - Throws: `StoreError`.
  mutating func haveSamePrompts(_ a: ComparedCell, _ b: ComparedCell) throws -> Bool {
    guard a.cell.environment == b.cell.environment else { return false }
    if isSameRun { return true }
    // Arms have other words by design; between runs only the same arm can be looked at.
    guard a.cell.arm == b.cell.arm else { return false }
    for variant in 0..<Self.looks {
      guard let one = try prompt(variant, a), let other = try prompt(variant, b) else { continue }
      if one != other {
        if !otherPrompts.contains(a.cell.environment) { otherPrompts.append(a.cell.environment) }
        return false
      }
    }
    return true
  }

  private func prompt(_ variant: Int, _ cell: ComparedCell) throws -> String? {
    let query = EpisodeQuery(
      checkpoint: cell.checkpoints[0], environment: cell.cell.environment, arm: cell.cell.arm,
      purpose: cell.cell.purpose, variant: variant)
    return try cell.run.store.episodes(query, limit: 1).first?.episode.transcript.segments.first?.text
  }

  /// - Throws: `StoreError`.
  func notes(_ pairs: [(ComparedCell, ComparedCell)]) throws -> [String] {
    var notes = otherPrompts.map {
      "The prompts of \($0) differ between the runs: part of the difference may be theirs. They are not paired."
    }
    notes += arms(pairs)
    if !isSameRun { notes += try settings() }
    notes += pairs.compactMap(Self.limits).uniqued
    notes += pairs.flatMap { [$0.0, $0.1] }.compactMap(Self.failures).uniqued
    notes += pairs.flatMap { [$0.0, $0.1] }.compactMap(Self.otherSequences).uniqued
    return notes
  }

  private func arms(_ pairs: [(ComparedCell, ComparedCell)]) -> [String] {
    pairs.filter { $0.0.cell.environment == $0.1.cell.environment && $0.0.cell.arm != $0.1.cell.arm }.map {
      "\($0.0.cell.environment) is compared in two arms, \($0.0.cell.arm.rawValue) and \($0.1.cell.arm.rawValue): "
        + "prompts are matched by their number and differ in what the arm changes."
    }.uniqued
  }

  /// Settings that decide what an episode is; names of runs and policies are what is compared.
  private func settings() throws -> [String] {
    let (one, other) = (try first.store.run(), try second.store.run())
    let lines = one.differences(from: other).filter { line in
      ["sampling.", "evaluation.", "arm", "style", "limits"].contains { line.name.hasPrefix($0) }
    }
    let shown = lines.prefix(8).map { "\($0.name) is \($0.here ?? "not set") and \($0.there ?? "not set")" }
    var notes = shown.isEmpty ? [] : ["The runs were made under other settings: \(shown.joined(separator: "; "))."]
    if lines.count > shown.count { notes.append("\(lines.count - shown.count) further settings differ.") }
    if one.codeRevision != other.codeRevision {
      notes.append(
        "The runs were made by two versions of the code, \(one.codeRevision) and \(other.codeRevision): environments and "
          + "graders may differ.")
    }
    return notes
  }

  /// Limits that end many more episodes on one side.
  private static func limits(_ a: ComparedCell, _ b: ComparedCell) -> String? {
    let counts = [a, b].map {
      Count(events: $0.counts.completed - $0.counts.finished, trials: $0.counts.completed)
    }
    guard abs(a.shareAtLimit - b.shareAtLimit) > 0.02, fisherExact(counts[0], counts[1]).value < 0.01 else {
      return nil
    }
    return "A limit (commands, tokens, context) ended \(a.shareAtLimit.percent) of \(a.label) and "
      + "\(b.shareAtLimit.percent) of \(b.label)."
  }

  /// A checkpoint of which there are other training sequences.
  private static func otherSequences(_ cell: ComparedCell) -> String? {
    guard cell.counts.members.count == 1, let known = cell.run.sequences(of: cell.cell.checkpoint), known.count > 1
    else { return nil }
    return "\(cell.cell.checkpoint) is one of \(known.count) training sequences; "
      + "\(cell.run.name):\(known.pattern) compares all of them."
  }

  private static func failures(_ cell: ComparedCell) -> String? {
    let failed = cell.counts.attempted - cell.counts.completed
    return failed == 0
      ? nil
      : "\(failed.grouped) of \(cell.counts.attempted.grouped) episodes of \(cell.label) failed and are outside of its rate."
  }
}
