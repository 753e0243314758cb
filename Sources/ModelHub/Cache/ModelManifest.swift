package import Foundation

/// What lies in a model's folder and where it came from; written last, so that a folder with a manifest is whole.
package struct ModelManifest: Codable, Sendable, Equatable {
  /// One file of the model.
  package struct File: Codable, Sendable, Equatable {
    /// Relative to the model's folder.
    package var path: String
    package var bytes: Int64
    /// Lowercase hexadecimal.
    package var sha256: String
  }

  /// What the model may be used for.
  package struct License: Codable, Sendable, Equatable {
    package var name: String
    /// Where the terms can be read.
    package var terms: [String]
    /// When the person accepted them; `nil` where nothing had to be accepted here.
    package var accepted: Date?
  }

  /// The version of this layout.
  package static let currentFormat = 1

  package var format = currentFormat
  /// The name that loads the model.
  package var name: String
  /// Where it was fetched from, for a person.
  package var source: String
  /// The exact version: a commit, or a package's version.
  package var revision: String
  /// What to load, relative to the folder: a file, or "." for the folder itself.
  package var entry: String
  package var files: [File]
  package var license: License?
  package var fetched: Date

  /// The size of all files.
  package var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

  static let fileName = "manifest.json"

  /// Reads the manifest in a folder; `nil` when there is none.
  ///
  /// - Throws: `HubError` when it cannot be read, or names paths outside the folder.
  static func read(in folder: URL) throws -> ModelManifest? {
    let file = folder.appending(path: fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      let decoder = JSONDecoder()
      decoder.dateDecodingStrategy = .iso8601
      let manifest = try decoder.decode(Self.self, from: try Data(contentsOf: file))
      guard manifest.isSound else { throw HubError("it is of another format, or names paths outside its folder") }
      return manifest
    } catch {
      throw HubError("\(file.path) cannot be read (\(error)). Fetch the model again to replace it.")
    }
  }

  /// Writes the manifest into a folder, whole or not at all.
  func write(in folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try DiskSpace.inWords(at: folder) {
      try encoder.encode(self).write(to: folder.appending(path: Self.fileName), options: .atomic)
    }
  }

  private var isSound: Bool {
    format == Self.currentFormat && files.allSatisfy { SafePath.isSafe($0.path) && $0.bytes >= 0 }
      && (entry == "." || SafePath.isSafe(entry))
  }
}
