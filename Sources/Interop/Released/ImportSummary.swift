package import Episodes

/// What an import came to.
package struct ImportSummary: Sendable, Codable, Hashable {
  package struct File: Sendable, Codable, Hashable {
    package var name: String
    package var environment: ReleasedEnvironment
    package var arm: Arm
    package var stored = 0
    /// Rows that were left out, and whatever stood behind a place where the file could not be read on.
    package var broken = 0
    /// What was wrong with the first of them, and where the file could not be read on.
    package var complaints: [String] = []

    static let shownComplaints = 5

    mutating func leaveOut(_ error: TableError) {
      broken += 1
      if complaints.count < Self.shownComplaints { complaints.append(error.description) }
    }

    /// Many rows may be missing, so this is said however much was said before.
    mutating func leaveOutRest(_ error: TableError) {
      broken += 1
      complaints.append("\(error.description); the rest of the file was left out")
    }
  }

  package var run: String
  package var files: [File] = []
  /// The models, in the order of their first sample.
  package var checkpoints: [String] = []

  package var stored: Int { files.reduce(0) { $0 + $1.stored } }
  package var broken: Int { files.reduce(0) { $0 + $1.broken } }
}
