/// How often two readers of the same episodes, for example the rule and a judge, assign the same class.
package struct DisclosureAgreement: Sendable, Hashable, Codable {
  /// Episodes by the first reader's class (rows) and the second's (columns), both in the order of
  /// `Disclosure.allCases`. Cohen's kappa is computed from this table.
  package private(set) var table: [[Int]]

  /// Counts pairs of classes: the first reader's and the second's.
  package init(_ pairs: some Sequence<(Disclosure, Disclosure)>) {
    let classes = Disclosure.allCases
    table = classes.map { _ in classes.map { _ in 0 } }
    for (first, second) in pairs {
      guard let row = classes.firstIndex(of: first), let column = classes.firstIndex(of: second) else { continue }
      table[row][column] += 1
    }
  }

  /// The number of episodes that both readers read.
  package var total: Int { table.joined().reduce(0, +) }
  /// The number of episodes that both readers put in the same class.
  package var agreed: Int { table.indices.reduce(0) { $0 + table[$1][$1] } }
}
