internal import Foundation
internal import Tokenization

/// Opens files that strangers wrote.
enum UntrustedFile {
  /// The bytes of a regular file, mapped: reading costs memory only where it happens. The file must not shrink while it
  /// is in use; the system ends a process that reads a page which is gone.
  ///
  /// - Throws: a `ModelError` when there is no such file, it cannot be read or is larger than `limit` bytes.
  static func mapped(_ url: URL, limit: Int = .max) throws -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw ModelError("There is no file '\(url.path)'.")
    }
    // Opening a pipe or a device would wait for ever.
    let target = url.resolvingSymlinksInPath()
    let attributes = try? FileManager.default.attributesOfItem(atPath: target.path)
    guard !isFolder.boolValue, attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw ModelError("'\(url.path)' is not a file.")
    }
    guard let size = attributes?[.size] as? NSNumber, size.intValue <= limit else {
      throw ModelError("'\(url.path)' is larger than the \(limit) bytes allowed for such a file.")
    }
    do { return try Data(contentsOf: target, options: .alwaysMapped) } catch {
      throw ModelError("Cannot read '\(url.path)': \(error.localizedDescription)")
    }
  }

  /// Decodes JSON, and names the file when it is malformed.
  static func decode<T: Decodable>(_ type: T.Type, from data: Data, name: String) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(type, from: data) } catch let error as DecodingError {
      throw ModelError("'\(name)' cannot be read: \(error.summary)")
    }
  }
}

extension DecodingError {
  /// Where in the JSON, and what is wrong there.
  var summary: String {
    switch self {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? "" : "at '\(path)': ") + context.debugDescription
    @unknown default: return "\(self)"
    }
  }
}
