import Foundation

/// Files and folders that a user names for an import.
enum NamedPath {
  /// Whether the path is a folder.
  ///
  /// - Throws: `TableError` if nothing is there.
  static func isFolder(_ path: URL) throws -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) else {
      throw TableError(file: path.path, "the file or folder does not exist")
    }
    return isFolder.boolValue
  }

  /// The files in a folder at any depth, with their names relative to it, in the order of the names.
  ///
  /// - Throws: `TableError` if the folder cannot be read.
  static func files(in folder: URL) throws -> [(url: URL, name: String)] {
    let names: [String]
    do { names = try FileManager.default.subpathsOfDirectory(atPath: folder.path) } catch {
      throw TableError(file: folder.path, "the folder cannot be read: \(error.localizedDescription)")
    }
    return names.sorted().map { (folder.appending(path: $0), $0) }.filter { !$0.0.hasDirectoryPath }
  }
}
