/// Findings under one heading.
struct FindingGroup {
  var title: String
  var findings: [Finding]
}

extension ReportData {
  /// All findings by what they allow to say: clear differences first, the largest in front, then null results, then what
  /// limits both.
  var findingGroups: [FindingGroup] {
    let results = findings.filter { ![.gate, .sequences, .limit].contains($0.kind) }
    let groups = [
      FindingGroup(title: "What can be concluded", findings: results.filter { $0.tone != .unclear }.bySize),
      FindingGroup(title: "What cannot be concluded", findings: results.filter { $0.tone == .unclear }),
      FindingGroup(
        title: "Confidence and limits", findings: findings.filter { [.gate, .sequences, .limit].contains($0.kind) }),
    ]
    return groups.filter { !$0.findings.isEmpty }
  }
}

extension [Finding] {
  /// The largest differences first; findings without one stay behind, and equals keep their order.
  var bySize: [Finding] {
    func size(_ finding: Finding) -> Double { finding.difference.map(abs) ?? -1 }
    return enumerated().sorted { (size($1.element), $0.offset) < (size($0.element), $1.offset) }.map(\.element)
  }
}
