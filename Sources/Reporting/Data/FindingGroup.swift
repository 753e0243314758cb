/// Findings under one heading.
struct FindingGroup {
  /// Empty for those that stand first.
  var title: String
  var findings: [Finding]
}

extension ReportData {
  /// All findings by what they allow to say.
  var findingGroups: [FindingGroup] {
    let groups = [
      FindingGroup(title: "What limits everything below", findings: findings.filter { $0.tone == .warning }),
      FindingGroup(title: "What can be concluded", findings: findings.filter { $0.tone == .clear }),
      FindingGroup(title: "What was not seen, or cannot be told", findings: findings.filter { $0.tone == .unclear }),
    ]
    return groups.filter { !$0.findings.isEmpty }
  }
}
