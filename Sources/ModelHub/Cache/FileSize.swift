internal import Foundation

/// How long files are.
enum FileSize {
  /// The bytes of a regular file; `nil` when there is none.
  static func of(_ file: URL) -> Int64? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path),
      attributes[.type] as? FileAttributeType == .typeRegular
    else { return nil }
    return (attributes[.size] as? NSNumber)?.int64Value
  }

  /// The bytes of all regular files below a folder.
  static func ofFolder(_ folder: URL) -> Int64 {
    let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
    return paths.reduce(0) { $0 + (of(folder.appending(path: $1)) ?? 0) }
  }
}
