import RealModule

/// The agreement of two raters who sort the same items into categories (Cohen, Educational and Psychological Measurement
/// 20, 1960).
package struct CohensKappa: Sendable, Codable, Hashable {
  /// `table[i][j]`: items that the first rater put into category i and the second into j.
  package let table: [[Int]]

  /// - Parameter table: square, without negative numbers; anything else is a programmer error.
  package init(table: [[Int]]) {
    precondition(table.allSatisfy { $0.count == table.count && $0.allSatisfy { $0 >= 0 } }, "the table is not square")
    self.table = table
  }

  /// From the two ratings of each item that both raters rated.
  package init<Category: Hashable>(_ pairs: [(Category, Category)]) {
    var places: [Category: Int] = [:]
    for category in pairs.flatMap({ [$0, $1] }) where places[category] == nil { places[category] = places.count }
    var table = [[Int]](repeating: [Int](repeating: 0, count: places.count), count: places.count)
    for (first, second) in pairs {
      if let row = places[first], let column = places[second] { table[row][column] += 1 }
    }
    self.init(table: table)
  }

  /// The items on which the two agree, of all.
  package var agreed: Count {
    Count(events: table.indices.reduce(0) { $0 + table[$1][$1] }, trials: table.joined().reduce(0, +))
  }

  /// Kappa with the large-sample interval of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969), as in
  /// statsmodels' `cohens_kappa`, cut to [-1, 1]. Its standard error vanishes when all items agree (or none does); then the
  /// interval is that of Clopper and Pearson of the share agreed, on the scale of kappa with the agreement by chance held.
  package func agreement(confidence: Double = 0.95) -> Agreement {
    let agreed = agreed
    guard let observed = agreed.rate, agreed.trials > 1 else { return .tooFewRatings }
    let rows = table.map { share($0.reduce(0, +)) }
    let columns = table.indices.map { column in share(table.reduce(0) { $0 + $1[column] }) }
    let expected = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
    if expected >= 1 { return .oneCategory }
    let scale = { (share: Double) in (share - expected) / (1 - expected) }
    let kappa = scale(observed)
    if agreed.events == 0 || agreed.events == agreed.trials {
      let exact = agreed.clopperPearson(confidence: confidence)
      return .measured(
        coefficient: kappa, interval: Interval(lower: max(-1, scale(exact.lower)), upper: scale(exact.upper)))
    }
    let reach =
      NormalDistribution.quantile(upperTail: Count.error(of: confidence) / 2)
      * standardError(kappa, rows: rows, columns: columns, expected: expected)
    return .measured(
      coefficient: kappa, interval: Interval(lower: max(-1, kappa - reach), upper: min(1, kappa + reach)))
  }

  private func share(_ items: Int) -> Double { Double(items) / Double(agreed.trials) }

  private func standardError(_ kappa: Double, rows: [Double], columns: [Double], expected: Double) -> Double {
    var sum = 0.0
    for i in table.indices {
      for j in table.indices {
        let weight =
          i == j ? 1 - (rows[i] + columns[i]) * (1 - kappa) : (columns[i] + rows[j]) * (1 - kappa)
        sum += share(table[i][j]) * weight * weight
      }
    }
    let shift = kappa - expected * (1 - kappa)
    return (max(0, sum - shift * shift) / Double(agreed.trials)).squareRoot() / (1 - expected)
  }
}
