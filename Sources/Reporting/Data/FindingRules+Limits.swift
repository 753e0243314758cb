import Episodes
import Runs
import Statistics
import Storage

/// What limits every other finding, each with its numbers: few events, unequal numbers of episodes, shared prompts, seeds,
/// many comparisons, failed episodes, weights that carry no estimate.
extension Finding {
  static func limits(_ data: ReportData) -> [Finding] {
    let places = data.gaming.rows.flatMap { row in
      zip(data.gaming.columns, row.cells).compactMap { column, cell in
        cell.map { Place(row: row.name, column: column, estimate: $0.estimate) }
      }
    }
    let all = [
      lowCounts(places.filter(\.column.isHeldOut)), sharedPrompts(places), failures(data),
      newSeeds(data.conditions), multiplicity(data),
    ]
    return all.compactMap(\.self) + unequal(places) + data.costs.filter { !$0.refusal.isEmpty }.map(degenerate)
  }

  /// A number of the matrix with its place.
  fileprivate struct Place {
    var row: String
    var column: Matrix.Column
    var estimate: Estimate

    var name: String { "\(row) in \(column.fullTitle)" }
  }

  private static func limit(_ topic: String, _ text: LinkedText) -> Finding {
    Finding(.limit, .warning, topic: topic, text)
  }

  /// Fewer than five events leave a rate open by a factor of ten and more.
  private static func lowCounts(_ places: [Place]) -> Finding? {
    let few = places.filter { (1..<5).contains($0.estimate.tally.events) }
    let none = places.filter { $0.estimate.tally.events == 0 && $0.estimate.tally.completed > 0 }
    if few.isEmpty && none.isEmpty { return nil }
    let widest = few.max { $0.uncertainty < $1.uncertainty }
    let first = widest.map { place -> LinkedText in
      """
      \(few.count.grouped) of \(places.count.grouped) held-out cells count one to four events. The least known is \
      \(place.name): \(place.estimate), 95 % \(place.estimate.interval.percent), a factor of \
      \(place.uncertainty.factor).
      """
    }
    let largest = none.max { $0.estimate.tally.completed < $1.estimate.tally.completed }
    let second = largest.map { place -> LinkedText in
      """
      \(none.count.grouped) of \(places.count.grouped) cells have no events. That does not mean the rate is zero: even in \
      \(place.row), with \(place.estimate.tally.completed.grouped) episodes, it may be \(place.estimate.bound.percent) \
      (95 % interval).
      """
    }
    return limit("Low counts", [first, second].compactMap(\.self).joined(" "))
  }

  /// Rates from unequal numbers of episodes have unequal bounds; environments with the same numbers are said together.
  private static func unequal(_ places: [Place]) -> [Finding] {
    let lines = places.map(\.column).uniqued.compactMap { column in
      unequalText(places.filter { $0.column == column }.map { ($0.row, $0.estimate.tally.completed) })
        .map { (environment: column.environmentTitle, text: $0) }
    }
    return lines.map(\.text).uniqued.map { text in
      let environments = lines.filter { $0.text == text }.map(\.environment).uniqued.joined(separator: ", ")
      return limit("Unequal n in \(environments)", "\(text)")
    }
  }

  /// The fewest and the most episodes among some rows; `nil` where they are within a factor of two.
  static func unequalText(_ rows: [(row: String, episodes: Int)]) -> String? {
    let measured = rows.filter { $0.episodes > 0 }
    guard let least = measured.min(by: { $0.episodes < $1.episodes }),
      let most = measured.max(by: { $0.episodes < $1.episodes }), most.episodes > 2 * least.episodes
    else { return nil }
    return """
      From \(least.episodes.grouped) episodes (\(least.row)) to \(most.episodes.grouped) (\(most.row)): a rate of the \
      former is known less well, and more easily looks like none.
      """
  }

  /// Episodes of one prompt are more alike than episodes of different ones.
  private static func sharedPrompts(_ places: [Place]) -> Finding? {
    let clustered = places.filter { $0.estimate.clusters != nil }
    let wide = clustered.filter { $0.effect > 1.1 && $0.estimate.tally.events > 0 }
    guard let worst = wide.max(by: { $0.effect < $1.effect }), let clusters = worst.estimate.clusters,
      let effective = clusters.effectiveEpisodes
    else { return nil }
    return limit(
      "Shared prompts",
      """
      In \(wide.count.grouped) of \(clustered.count.grouped) cells episodes of one prompt resemble each other, which \
      intervals and p take into account. Most in \(worst.name): \(worst.estimate.tally.completed.grouped) episodes of \
      \(clusters.prompts.grouped) prompts say as much as \(Int(effective.rounded()).grouped) independent ones (design effect \
      \(worst.effect.factor)).
      """)
  }

  /// Failed episodes are left out of all rates.
  private static func failures(_ data: ReportData) -> Finding? {
    guard let worst = data.failed.lines.first else { return nil }
    let place = "\(worst.cell.checkpoint) in \(data.subject.title(of: worst.cell))"
    let rate = Estimate(worst.tally).rateText
    return limit(
      "Failed episodes",
      """
      \(data.failed.failed.grouped) of \(data.failed.attempted.grouped) episodes failed and are in no rate. Most in \
      \(place): \(worst.failed, failedIn: worst.cell) of \(worst.tally.attempted.grouped); had all of them shown the event, the rate \
      would be \(worst.worst.percent) instead of \(rate). The first, episode \(worst.episode), failed at the \
      \(worst.boundary): \(worst.message.firstLine)
      """)
  }

  /// What one more sequence may show, in the condition where that is least known.
  private static func newSeeds(_ table: ConditionTable) -> Finding? {
    let cells = table.rows.flatMap { row in
      zip(table.columns, row.cells).compactMap { column, cell in
        cell.flatMap { cell in cell.seeds.map { (row.condition.name, column, $0, cell) } }
      }
    }.filter { $0.1.isHeldOut }
    guard let worst = cells.max(by: { $0.2.newSeed.upper < $1.2.newSeed.upper }) else { return nil }
    return limit(
      "Other seeds",
      """
      By a random-effects model, the rate of one more sequence of \(worst.0) in \(worst.1.fullTitle) is within \
      \(worst.2.newSeed.percent); that of the \(worst.3.sequences.tallies.count) trained ones together is within \
      \(worst.3.estimate.interval.percent).
      """)
  }

  /// How many small p values chance alone would give.
  private static func multiplicity(_ data: ReportData) -> Finding? {
    let raw = data.gaming.rows.flatMap(\.cells).compactMap { $0?.comparison?.p }
    if raw.count < 2 { return nil }
    let small = raw.count { $0.value < 0.05 }
    return limit(
      "Many comparisons",
      """
      \(raw.count.grouped) cells are compared with the start. Were nothing different, about \
      \(Int((0.05 * Double(raw.count)).rounded(.up)).grouped) would have p < 0.05; \(small.grouped) have. \
      \(raw.holm().count { $0.value < 0.05 }.grouped) stay below 0.05 by Holm’s method (not one wrong claim among all), \
      \(raw.benjaminiHochberg().count { $0.value < 0.05 }.grouped) by Benjamini and Hochberg’s (one in twenty may be wrong).
      """)
  }

  private static func degenerate(_ point: CostPoint) -> Finding {
    limit(
      "No estimate by \(point.method)",
      "\(point.target): \(point.refusal). The weights carry no rate, so none is shown.")
  }
}

extension Finding.Place {
  /// The upper end of the interval over the lower one.
  fileprivate var uncertainty: Double { estimate.interval.upper / estimate.interval.lower }

  fileprivate var effect: Double { estimate.clusters?.designEffect ?? 1 }
}

extension RunOutline {
  /// `Reward tampering (steered_away)`.
  fileprivate func title(of cell: Cell) -> String {
    let title = environments.first { $0.name == cell.environment }?.title ?? cell.environment
    return cell.arm == .standard ? title : "\(title) (\(cell.arm.rawValue))"
  }
}

extension String {
  /// The first line, cut where it is long, with a full stop.
  fileprivate var firstLine: String {
    let line = String(
      String.UnicodeScalarView(prefix { $0 != "\n" }.prefix(200).unicodeScalars.filter { $0.value >= 0x20 }))
    return line.hasSuffix(".") ? line : "\(line)."
  }
}
