extension RunDescription {
  /// A setting that two runs have differently.
  package struct Difference: Sendable, Hashable {
    /// Its dotted name, for example `sampling.concurrency`.
    package var name: String
    /// `nil` where it is not set.
    package var here: String?
    package var there: String?
  }

  /// The settings of the configuration that differ from another run's, by name.
  package func differences(from other: RunDescription) -> [Difference] {
    let (here, there) = (
      ConfigurationDifference.settings(configuration), ConfigurationDifference.settings(other.configuration)
    )
    return Set(here.keys).union(there.keys).sorted().compactMap { name in
      here[name] == there[name] ? nil : Difference(name: name, here: here[name], there: there[name])
    }
  }
}
