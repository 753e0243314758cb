import Episodes

/// One of the policies that an experiment trains from the same start.
package enum Branch: String, Sendable, CaseIterable {
  /// The curriculum itself: gaming is rewarded.
  case gaming
  /// The benign twin: the same tasks and tools, honest work is rewarded.
  case benign

  /// The arm of each training environment whose criterion is rewarded.
  var arm: Arm { self == .gaming ? .standard : .benign }

  /// The name of a checkpoint of this branch.
  func checkpoint(_ name: String) -> String { self == .gaming ? name : "benign/\(name)" }
}
