package import Foundation
internal import Tokenization

/// A safetensors file, mapped into memory.
///
/// The file is untrusted: its header is checked wholly before any array is read. A file that another process shortens
/// while it is mapped is out of scope.
package struct SafetensorsFile: Sendable {
  /// For messages.
  package let name: String
  /// The whole file.
  package let data: Data
  private let entries: [String: SafetensorsHeader.Entry]

  /// Maps and reads a file.
  package init(contentsOf url: URL) throws {
    try self.init(data: UntrustedFile.mapped(url), name: url.path)
  }

  /// Reads the bytes of a file; `name` is for messages.
  package init(data: Data, name: String) throws {
    do {
      let header = try SafetensorsHeader(data)
      entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    } catch let error as ModelError {
      throw ModelError("'\(name)' is not a valid safetensors file: \(error.description)")
    }
    (self.data, self.name) = (data, name)
  }

  /// The names of the arrays.
  package var names: some Collection<String> { entries.keys }

  /// Where an array is kept; `nil` when the file has no array of this name.
  ///
  /// - Throws: a `ModelError` when it is not stored as F32, F16 or BF16, or it is empty.
  package func tensor(_ name: String) throws -> StoredTensor? {
    guard let entry = entries[name] else { return nil }
    let formats: [String: TensorFormat] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
    guard let format = formats[entry.type] else {
      throw ModelError("'\(name)' in '\(self.name)' is stored as \(entry.type); supported are F32, F16, BF16.")
    }
    guard format.byteCount(shape: entry.shape) == entry.bytes.count else {
      throw ModelError("'\(name)' in '\(self.name)' cannot have the shape \(entry.shape).")
    }
    return StoredTensor(format: format, shape: entry.shape, bytes: entry.bytes)
  }
}
