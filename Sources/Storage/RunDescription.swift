package import Episodes
import Foundation

/// What a run is: written once when it starts, compared whenever it is continued.
package struct RunDescription: Sendable, Codable, Hashable {
  package var name: String
  /// The resolved configuration as JSON with sorted keys, one setting a line.
  package let configuration: String
  /// The revision of the code, for example a commit. Another revision may continue a run; each one is recorded.
  package var codeRevision: String
  package var rootSeed: Seed

  /// - Throws: an encoding error when the configuration has no JSON form.
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

  /// SHA-256 of the configuration, in hexadecimal.
  package var configurationHash: String { StoredDigest.hexadecimal(of: configuration) }
}
