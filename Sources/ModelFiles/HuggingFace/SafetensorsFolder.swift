package import Foundation
internal import Tokenization

/// The safetensors files of a folder: `model.safetensors`, or the shards that `model.safetensors.index.json` names.
package struct SafetensorsFolder: Sendable {
  package let files: [SafetensorsFile]
  /// Which of `files` holds a name.
  package let places: [String: Int]
  /// The files, in the order of `files`.
  package let urls: [URL]

  private static let index = "model.safetensors.index.json"
  private static let single = "model.safetensors"
  private static let largestIndex = 64 << 20
  private static let mostShards = 1_000

  private struct Index: Decodable {
    let weightMap: [String: String]

    private enum CodingKeys: String, CodingKey { case weightMap = "weight_map" }
  }

  /// Maps the files of a folder and checks that each holds what the index says.
  ///
  /// - Throws: a `ModelError` when there are none, one is malformed or the index names a file outside the folder.
  package init(_ folder: URL) throws {
    let indexURL = folder.appendingPathComponent(Self.index)
    let map = FileManager.default.fileExists(atPath: indexURL.path) ? try Self.weightMap(indexURL) : nil
    let names = try map.map { try Self.shards(of: $0, indexURL) } ?? [Self.single]
    urls = names.map { folder.appendingPathComponent($0) }
    guard map != nil || FileManager.default.fileExists(atPath: urls[0].path) else {
      throw ModelError(
        "'\(folder.path)' has neither \(Self.single) nor \(Self.index); other forms of weights are not read.")
    }
    files = try urls.map { try SafetensorsFile(contentsOf: $0) }
    guard let map else {
      places = Dictionary(uniqueKeysWithValues: files[0].names.map { ($0, 0) })
      return
    }
    let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    places = map.compactMapValues { order[$0] }
    for (name, place) in places where !files[place].names.contains(name) {
      throw ModelError("'\(files[place].name)' lacks '\(name)', which '\(Self.index)' places there.")
    }
  }

  private static func shards(of map: [String: String], _ url: URL) throws -> [String] {
    let shards = Set(map.values).sorted()
    for shard in shards where !isPlainName(shard) {
      throw ModelError("'\(url.path)' names '\(shard)', which is not a safetensors file of the same folder.")
    }
    guard (1...mostShards).contains(shards.count) else {
      throw ModelError("'\(url.path)' names \(shards.count) files, not from 1 to \(mostShards).")
    }
    return shards
  }

  private static func weightMap(_ url: URL) throws -> [String: String] {
    let data = try UntrustedFile.mapped(url, limit: largestIndex)
    do { return try JSONDecoder().decode(Index.self, from: data).weightMap } catch let error as DecodingError {
      throw ModelError("'\(url.path)' cannot be read: \(error.summary)")
    }
  }

  /// No folder, no parent, nothing hidden.
  private static func isPlainName(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") && !name.hasPrefix(".") && !name.contains { "/\\\0".contains($0) }
  }
}
