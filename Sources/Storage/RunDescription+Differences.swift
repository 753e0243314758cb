extension RunDescription {
  /// A setting that differs between two runs.
  package struct Difference: Sendable, Hashable {
    /// The setting's dotted name, for example `sampling.concurrency`.
    package var name: String
    /// The value in this run; `nil` if not set.
    package var here: String?
    package var there: String?
  }

  /// Returns the configuration's settings that differ from another run's, by name.
  package func differences(from other: RunDescription) -> [Difference] {
    let (here, there) = (
      ConfigurationDifference.settings(configuration), ConfigurationDifference.settings(other.configuration)
    )
    return Set(here.keys).union(there.keys).sorted().compactMap { name in
      here[name] == there[name] ? nil : Difference(name: name, here: here[name], there: there[name])
    }
  }
}
