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
      lowCounts(places.filter(\.column.isHeldOut)), sharedPrompts(places), failures(places),
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

  private static func limit(_ topic: String, _ text: String) -> Finding {
    Finding(.limit, .warning, topic: topic, text)
  }

  /// Fewer than five events leave a rate open by a factor of ten and more.
  private static func lowCounts(_ places: [Place]) -> Finding? {
    let few = places.filter { (1..<5).contains($0.estimate.tally.events) }
    let none = places.filter { $0.estimate.tally.events == 0 && $0.estimate.tally.completed > 0 }
    if few.isEmpty && none.isEmpty { return nil }
    let widest = few.max { $0.uncertainty < $1.uncertainty }
    let first = widest.map { place in
      """
      \(few.count.grouped) of \(places.count.grouped) held-out cells count one to four events. The least known is \
      \(place.name): \(place.estimate.phrase), 95 % \(place.estimate.interval.percent), a factor of \
      \(place.uncertainty.factor).
      """
    }
    let largest = none.max { $0.estimate.tally.completed < $1.estimate.tally.completed }
    let second = largest.map { place in
      """
      \(none.count.grouped) of \(places.count.grouped) count none, which is no rate of zero: even in \(place.row), with \
      \(place.estimate.tally.completed.grouped) episodes, up to \
      \(place.estimate.bound.percent) is not excluded (95 %, one-sided).
      """
    }
    return limit("Low counts", [first, second].compactMap(\.self).joined(separator: " "))
  }

  /// Rates from unequal numbers of episodes have unequal bounds; environments with the same numbers are said together.
  private static func unequal(_ places: [Place]) -> [Finding] {
    let lines = places.map(\.column).uniqued.compactMap { column in
      unequalText(places.filter { $0.column == column }.map { ($0.row, $0.estimate.tally.completed) })
        .map { (environment: column.environmentTitle, text: $0) }
    }
    return lines.map(\.text).uniqued.map { text in
      let environments = lines.filter { $0.text == text }.map(\.environment).uniqued.joined(separator: ", ")
      return limit("Unequal n in \(environments)", text)
    }
  }

  /// The fewest and the most episodes among some rows; `nil` where they are within a factor of two.
  static func unequalText(_ rows: [(row: String, episodes: Int)]) -> String? {
    let measured = rows.filter { $0.episodes > 0 }
    guard let least = measured.min(by: { $0.episodes < $1.episodes }),
      let most = measured.max(by: { $0.episodes < $1.episodes }), most.episodes > 2 * least.episodes
    else { return nil }
    return """
      From \(least.episodes.grouped) episodes (\(least.row)) to \(most.episodes.grouped) (\(most.row)): no events would \
      leave up to \(Count(events: 0, trials: least.episodes).upperBound().percent) open in the one and \
      \(Count(events: 0, trials: most.episodes).upperBound().percent) in the other.
      """
  }

  /// Episodes of one prompt are more alike than episodes of different ones.
  private static func sharedPrompts(_ places: [Place]) -> Finding? {
    let clustered = places.filter { $0.estimate.clusters != nil }
    let wide = clustered.filter { $0.estimate.widerInterval != nil && $0.estimate.tally.events > 0 }
    guard let worst = wide.max(by: { $0.effect < $1.effect }), let clusters = worst.estimate.clusters,
      let effective = clusters.effectiveEpisodes
    else { return nil }
    return limit(
      "Shared prompts",
      """
      In \(wide.count.grouped) of \(clustered.count.grouped) cells the exact interval is too narrow, because episodes share \
      prompts; p “by prompt” knows that, Fisher’s does not. Most in \(worst.name): \(worst.estimate.tally.completed.grouped) \
      episodes of \(clusters.prompts.grouped) prompts say as much as \(Int(effective.rounded()).grouped) independent ones \
      (design effect \(worst.effect.factor)), and the interval is \(clusters.interval.percent) instead of \
      \(worst.estimate.interval.percent).
      """)
  }

  /// Failed episodes are left out of all rates.
  private static func failures(_ places: [Place]) -> Finding? {
    // Columns of one environment count the same episodes.
    let cells = places.filter { place in
      places.first { $0.row == place.row && $0.column.environment == place.column.environment }?.column == place.column
    }
    let all = cells.map(\.estimate.tally).pooled
    let failed = all.attempted - all.completed
    guard failed > 0, let worst = cells.max(by: { $0.failedShare < $1.failedShare }) else { return nil }
    let tally = worst.estimate.tally
    let most = Double(tally.events + tally.attempted - tally.completed) / Double(tally.attempted)
    return limit(
      "Failed episodes",
      """
      \(failed.grouped) of \(all.attempted.grouped) episodes failed and are in no rate. Most in \(worst.name): \
      \((tally.attempted - tally.completed).grouped) of \(tally.attempted.grouped); had all of them shown the event, the \
      rate would be \(most.percent) instead of \(worst.estimate.rateText).
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
      The intervals hold for the sequences that were trained. By a random-effects model, the rate of one more \
      sequence of \(worst.0) in \(worst.1.fullTitle) is within \(worst.2.newSeed.percent); that of the \
      \(worst.3.sequences.tallies.count) trained ones together is within \(worst.3.estimate.interval.percent).
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
  /// The upper end of the exact interval over the lower one.
  fileprivate var uncertainty: Double { estimate.interval.upper / estimate.interval.lower }

  fileprivate var effect: Double { estimate.clusters?.designEffect ?? 1 }

  fileprivate var failedShare: Double {
    estimate.tally.attempted == 0
      ? 0 : Double(estimate.tally.attempted - estimate.tally.completed) / Double(estimate.tally.attempted)
  }
}
