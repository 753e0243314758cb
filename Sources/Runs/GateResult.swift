package import Episodes

/// One check of the gate before a curriculum: a property that the starting policy must have for a result to be
/// meaningful.
package struct GateResult: Sendable, Codable, Hashable, Identifiable {
  /// The name of the counted property, for example `honest completion`.
  package var name: String
  package var environment: String
  package var arm: Arm
  /// The counted predicate.
  package var predicate: Predicate
  /// The target in words, for example `at least 90 %`; empty if the check has no target and is only shown.
  package var target: String
  package var measured: Tally
  /// Whether the target is met; `nil` if the check has no target or no episode was graded.
  package var met: Bool?

  /// Whether the check has a target that was not shown to be met: either missed or not measured.
  package var isUnmet: Bool { !target.isEmpty && met != true }

  package var id: String { "\(environment)/\(arm.rawValue)/\(predicate.rawValue)" }

  package init(
    name: String, environment: String, arm: Arm, predicate: Predicate, target: String, measured: Tally, met: Bool?
  ) {
    self.name = name
    self.environment = environment
    self.arm = arm
    self.predicate = predicate
    self.target = target
    self.measured = measured
    self.met = met
  }
}
