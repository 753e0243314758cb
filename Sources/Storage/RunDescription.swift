internal import Digests
package import Episodes
import Foundation

/// The description of a run, written once when the run starts and compared whenever the run resumes.
package struct RunDescription: Sendable, Codable, Hashable {
  package var name: String
  /// The resolved configuration as JSON with sorted keys, one setting per line.
  package let configuration: String
  /// The code revision, for example a commit. Another revision may resume a run; the store records each one.
  package var codeRevision: String
  package var rootSeed: Seed

  /// - Throws: an encoding error if the configuration has no JSON form.
  package init(name: String, configuration: some Encodable, codeRevision: String, rootSeed: Seed) throws {
    self.name = name
    self.configuration = try StoredJSON.text(configuration, pretty: true)
    self.codeRevision = codeRevision
    self.rootSeed = rootSeed
  }

  init(name: String, configurationText: String, codeRevision: String, rootSeed: Seed) {
    self.name = name
    configuration = configurationText
    self.codeRevision = codeRevision
    self.rootSeed = rootSeed
  }

  /// The SHA-256 digest of the configuration, in hexadecimal.
  package var configurationHash: String { Digest.hexadecimalSHA256(Data(configuration.utf8)) }
}
