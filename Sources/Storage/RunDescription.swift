internal import Digests
package import Episodes
import Foundation
package import Runs

/// The description of a run, written once when the run starts and compared whenever the run resumes.
package struct RunDescription: Sendable, Codable, Hashable {
  package var name: String
  package var kind: RunKind
  /// The version of the configuration's stored form; see `RunConfiguration`.
  package var configurationVersion: Int
  /// The resolved configuration as JSON with sorted keys, one setting per line.
  package let configuration: String
  /// The code revision, for example a commit. Another revision may resume a run; the store records each one.
  package var codeRevision: String
  package var rootSeed: Seed

  /// - Throws: an encoding error if the configuration has no JSON form.
  package init<Settings: RunConfiguration>(_ configuration: Settings, codeRevision: String) throws {
    self.init(
      name: configuration.name, kind: Settings.kind, configurationVersion: Settings.version,
      configurationText: try StoredJSON.text(configuration, pretty: true), codeRevision: codeRevision,
      rootSeed: configuration.rootSeed)
  }

  init(
    name: String, kind: RunKind, configurationVersion: Int, configurationText: String, codeRevision: String,
    rootSeed: Seed
  ) {
    self.name = name
    self.kind = kind
    self.configurationVersion = configurationVersion
    configuration = configurationText
    self.codeRevision = codeRevision
    self.rootSeed = rootSeed
  }

  /// The SHA-256 digest of the configuration, in hexadecimal.
  package var configurationHash: String { Digest.hexadecimalSHA256(Data(configuration.utf8)) }
}
