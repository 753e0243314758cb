package import Episodes
package import Foundation

/// A sample file of the release and what its name says of it.
package struct ReleasedFile: Sendable, Hashable {
  /// How a file writes its rows.
  package enum Format: String, Sendable, Codable { case csv, jsonLines = "jsonl" }

  package var url: URL
  /// As a person calls it: relative to the folder that was named.
  package var name: String
  package var format: Format
  package var environment: ReleasedEnvironment
  package var arm: Arm

  /// Its name without folders and endings: what a checkpoint is called whose file does not name the model.
  package var stem: String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return last.split(separator: ".").first.map(String.init) ?? last
  }

  /// `nil` for a file that is no sample file: neither `.csv` nor `.jsonl`, with or without `.gz`.
  ///
  /// - Parameter environment: what its samples are of, where the name does not say it.
  /// - Throws: `TableError` when the name does not say which environment.
  init?(_ url: URL, name: String, environment: ReleasedEnvironment?) throws {
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    guard let ending = plain.split(separator: ".").last, let format = Format(rawValue: ending.lowercased()) else {
      return nil
    }
    self.url = url
    self.name = name
    self.format = format
    self.environment = try environment ?? Self.environment(in: name)
    arm = ReleasedEnvironment.arm(in: name)
  }

  /// The environment that the file's own name or else the nearest folder names.
  private static func environment(in name: String) throws -> ReleasedEnvironment {
    for part in name.split(separator: "/").reversed() {
      let named = ReleasedEnvironment.named(in: String(part))
      if named.count == 1 { return named[0] }
      if named.count > 1 {
        let names = named.map(\.rawValue).joined(separator: " and ")
        throw TableError(file: name, "its name speaks of \(names); say which environment it is of with --environment")
      }
    }
    let all = ReleasedEnvironment.allCases.map(\.rawValue).joined(separator: ", ")
    throw TableError(file: name, "its name holds none of \(all); say which environment it is of with --environment")
  }
}
