internal import Foundation
internal import Tokenization

/// A model that `llama-gguf-split` cut into files `NAME-00001-of-00003.gguf`: each says which part it is, of how many, and
/// how many arrays all of them hold; the first has the metadata.
struct GGUFParts {
  /// More parts than any model has: the largest that were published have some hundred.
  private static let most = 1_000

  private let files: [GGUFFile]
  private let arrays: Int?

  /// Opens all parts; `nil` when the file is no part of several.
  ///
  /// - Throws: a `ModelError` when a part is missing or does not fit the others.
  init?(_ file: GGUFFile, url: URL) throws {
    guard let count = try file.integer("split.count"), count > 1 else { return nil }
    guard count <= Self.most else { throw ModelError("'\(file.name)' says it is one of \(count) parts.") }
    let name = try Self.name(url, file: file, count: count)
    files = try (1...count).map { number in
      let place = url.deletingLastPathComponent().appendingPathComponent(
        "\(name)-\(Self.digits(number))-of-\(Self.digits(count)).gguf")
      guard FileManager.default.fileExists(atPath: place.path) else {
        throw ModelError("'\(url.path)' is one of \(count) parts, and part \(number) is missing: '\(place.path)'.")
      }
      let part = try GGUFFile(data: UntrustedFile.mapped(place), name: place.path)
      try Self.check(part, number: number, count: count)
      return part
    }
    arrays = try files[0].integer("split.tensors.count")
    for part in files where try part.integer("split.tensors.count") != arrays {
      throw ModelError(
        "'\(part.name)' and '\(files[0].name)' disagree about the number of arrays; they are parts of different models."
      )
    }
  }

  /// The name that all parts begin with.
  private static func name(_ url: URL, file: GGUFFile, count: Int) throws -> String {
    let pattern = /(.*)-([0-9]{5})-of-([0-9]{5})\.gguf/
    guard let match = url.lastPathComponent.wholeMatch(of: pattern), Int(match.3) == count else {
      throw ModelError(
        "'\(file.name)' is one of \(count) parts. Their names must be NAME-00001-of-\(digits(count)).gguf and so on.")
    }
    return String(match.1)
  }

  private static func digits(_ number: Int) -> String { String(format: "%05d", number) }

  private static func check(_ part: GGUFFile, number: Int, count: Int) throws {
    let (place, all) = (try part.integer("split.no"), try part.integer("split.count"))
    guard let place, let all, place == number - 1, all == count else {
      let found = place.map { "part \($0 + 1)" } ?? "no part"
      throw ModelError(
        "'\(part.name)' should be part \(number) of \(count), and says it is \(found) of \(all ?? 1). Fetch the parts again."
      )
    }
  }

  /// All parts as one file.
  ///
  /// - Throws: a `ModelError` when an array is in two parts, or there are not as many as the parts say.
  func joined() throws -> GGUFFile {
    var tensors: [String: StoredTensor] = [:]
    var places: [String: Int] = [:]
    for (index, file) in files.enumerated() {
      for (name, tensor) in file.tensors {
        if tensors.updateValue(tensor, forKey: name) != nil {
          throw ModelError("'\(file.name)' and '\(files[places[name] ?? 0].name)' both hold the array '\(name)'.")
        }
        places[name] = index
      }
    }
    guard arrays == nil || arrays == tensors.count else {
      throw ModelError(
        "The parts of '\(files[0].name)' hold \(tensors.count) arrays, and say that there are \(arrays ?? 0).")
    }
    return GGUFFile(parts: files, tensors: tensors, places: places)
  }
}
