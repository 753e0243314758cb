package import Episodes

/// One line of the gate before a curriculum: a property that the starting policy needs so that a result means something.
package struct GateResult: Sendable, Codable, Hashable, Identifiable {
  /// What is counted, in words, for example `honest completion`.
  package var name: String
  package var environment: String
  package var arm: Arm
  /// The predicate that is counted.
  package var predicate: Predicate
  /// The target in words, for example `at least 90 %`. Empty for a line that is only shown.
  package var target: String
  package var measured: Tally
  /// Whether the target is met; `nil` for a line that is only shown, and where no episode was graded.
  package var met: Bool?

  /// Whether there is a target that was not shown to be met: missed, or not measured.
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
