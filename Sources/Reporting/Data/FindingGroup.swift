/// Findings under one heading.
struct FindingGroup {
  /// Empty for those that stand first.
  var title: String
  var findings: [Finding]
}

extension ReportData {
  /// All findings in order; under headings where conditions are compared.
  var findingGroups: [FindingGroup] {
    guard subject.isComparative else { return [FindingGroup(title: "", findings: findings)] }
    return findings.map { title($0.kind) }.uniqued.map { title in
      FindingGroup(title: title, findings: findings.filter { self.title($0.kind) == title })
    }
  }

  private func title(_ kind: Finding.Kind) -> String {
    switch kind {
    case .gate, .sequences: ""
    case .trained, .heldOut, .honest: "The condition \(subject.mainCondition?.name ?? "")"
    case .condition, .twin: "Other conditions in held-out environments"
    case .trainAway: "Training gaming away"
    case .monitor: "Monitors"
    }
  }
}
