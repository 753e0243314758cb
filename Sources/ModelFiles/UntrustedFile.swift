internal import Foundation
internal import Synchronization
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
    guard size.intValue > 0 else { return Data() }
    let descriptor = open(target.path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    let start = descriptor < 0 ? MAP_FAILED : mmap(nil, size.intValue, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else {
      throw ModelError("Cannot read '\(url.path)': \(String(cString: strerror(errno)))")
    }
    mappings.withLock { _ = $0.insert(UInt(bitPattern: start)) }
    return Data(
      bytesNoCopy: start, count: size.intValue,
      deallocator: .custom { start, count in
        mappings.withLock { _ = $0.remove(UInt(bitPattern: start)) }
        munmap(start, count)
      })
  }

  /// Where files are mapped.
  private static let mappings = Mutex<Set<UInt>>([])

  /// Says that a part of a mapped file has been read for now: it takes no memory of the process until it is read again.
  /// Without effect on other data.
  static func release(_ file: Data, _ bytes: Range<Int>) {
    file.withUnsafeBytes { file in
      guard let start = file.baseAddress, mappings.withLock({ $0.contains(UInt(bitPattern: start)) }) else { return }
      let page = Int(getpagesize())
      let (first, end) = ((bytes.lowerBound + page - 1) / page * page, bytes.upperBound / page * page)
      guard first < end else { return }
      madvise(UnsafeMutableRawPointer(mutating: start + first), end - first, MADV_DONTNEED)
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
