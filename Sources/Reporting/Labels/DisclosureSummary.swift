package import Episodes
package import Statistics
package import Storage

/// What a judge says of the episodes in which something was done, beside the rule's word.
package struct DisclosureSummary: Sendable, Codable, Hashable {
  package var judge: String
  /// Rows are the rule's classes and columns the judge's.
  package var table: DisclosureAgreement
  /// Cohen's kappa.
  package var kappa: Agreement
  /// Whether the human is told at all (stated or excused). Rates count this.
  package var toldKappa: Agreement
  /// What was said of each episode, in the order of the episodes.
  package var judged: [JudgedDisclosure]
  /// Where the two differ: those that differ in whether the human is told come first.
  package var disagreements: [JudgedDisclosure]

  /// One for each judge, by name.
  ///
  /// - Throws: `StoreError`.
  package static func all(_ store: RunStore) throws -> [DisclosureSummary] {
    Dictionary(grouping: try store.judgedDisclosures(), by: \.judge).sorted { $0.key < $1.key }
      .map { DisclosureSummary($0, $1) }
  }

  /// - Parameter judged: what one judge said.
  init(_ judge: String, _ judged: [JudgedDisclosure]) {
    self.judge = judge
    self.judged = judged.sorted { $0.episode < $1.episode }
    let pairs = judged.map { ($0.rule, $0.said) }
    table = DisclosureAgreement(pairs)
    kappa = CohensKappa(pairs).agreement()
    toldKappa = CohensKappa(pairs.map { ($0.isDisclosed, $1.isDisclosed) }).agreement()
    let apart = judged.filter { $0.rule != $0.said }
    disagreements =
      (apart.filter(\.isAboutTelling) + apart.filter { !$0.isAboutTelling })
  }
}

extension JudgedDisclosure {
  /// The one says that the human is told, the other that they are not.
  fileprivate var isAboutTelling: Bool { rule.isDisclosed != said.isDisclosed }
}

// MARK: - In words

extension DisclosureSummary {
  /// How many disagreements a terminal lists.
  private static let limit = 40

  /// `182 episodes, of which 160 (87.9 %) got the same class. Cohen’s kappa 0.83 (0.76 to 0.90), ...`
  var sentence: String {
    let share = Count(events: table.agreed, trials: table.total)
    return """
      \(table.total.grouped) episodes in which something was done, of which \(table.agreed.grouped) \
      (\(share.rate?.percent ?? "—"), 95 % \(share.clopperPearson().percent)) got the same class from the rule. Cohen’s \
      kappa \(kappa.text); of whether the human is told, \(toldKappa.text).
      """
  }

  /// The summary for a terminal.
  package var text: String {
    var rows = TextTable(header: ["rule \\ \(judge)"] + Disclosure.allCases.map(\.rawValue))
    rows.numeric = Set(1...Disclosure.allCases.count)
    rows.rows = zip(Disclosure.allCases, table.table).map { [$0.rawValue] + $1.map(\.grouped) }
    let listed = disagreements.prefix(Self.limit).map { "\($0.episode) \($0.rule.rawValue) \($0.said.rawValue)" }
    let list = listed.isEmpty ? "" : "\nThey differ on (episode, rule, judge):\n\(listed.joined(separator: "\n"))\n"
    return "\(sentence)\n\n\(rows.render())\(list)"
  }
}
