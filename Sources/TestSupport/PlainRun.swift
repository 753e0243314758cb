package import Episodes
package import Runs

/// A run of settings that mean nothing, for tests of what is kept of any run.
package struct PlainRun: RunConfiguration {
  package static let kind = RunKind.experiment
  package static let version = 2

  package var name: String
  package var seed: UInt64
  package var settings: [String: Int]

  package var rootSeed: Seed { Seed(seed) }

  package init(name: String = "test", seed: UInt64 = 1, settings: [String: Int] = [:]) {
    (self.name, self.seed, self.settings) = (name, seed, settings)
  }

  /// The first version had no seed of its own.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    settings = settings.filled(from: .keys(["seed": .integer(1)]))
  }
}
