package import Foundation
internal import Tokenization

/// A GGUF file (versions 2 and 3, little-endian), mapped into memory.
///
/// The file is untrusted: every count, length, type, offset and name is checked before it is used, and what is wrong
/// becomes a `ModelError` that names the file. A file that another process shortens while it is mapped is out of scope.
package struct GGUFFile: Sendable {
  /// For messages.
  package let name: String
  package let metadata: [String: GGUFValue]
  /// The arrays by their names in the file.
  package let tensors: [String: StoredTensor]
  /// The whole file.
  package let data: Data

  /// Maps and reads a file.
  package init(contentsOf url: URL) throws {
    try self.init(data: UntrustedFile.mapped(url), name: url.path)
  }

  /// Reads the bytes of a file; `name` is for messages.
  package init(data: Data, name: String) throws {
    do {
      let parsed = try data.withUnsafeBytes { try GGUFParser($0) }
      (metadata, tensors) = (parsed.metadata, parsed.tensors)
    } catch let error as ModelError {
      throw ModelError("'\(name)' is not a valid GGUF file: \(error.description)")
    }
    (self.data, self.name) = (data, name)
  }

  /// The text under a key; `nil` when there is none.
  package func string(_ key: String) throws -> String? {
    try value(key, "text") { if case .string(let text) = $0 { text } else { nil } }
  }

  /// The whole number under a key; `nil` when there is none. An array of equal numbers (one for each layer) counts as
  /// one.
  package func integer(_ key: String) throws -> Int? {
    if case .array? = metadata[key] {
      let all = Set(try integers(key) ?? [])
      guard let one = all.first, all.count == 1 else {
        throw ModelError("'\(name)' has a different '\(key)' for each layer, which is not supported.")
      }
      return one
    }
    return try value(key, "a whole number") { if case .integer(let number) = $0 { number } else { nil } }
  }

  /// The number under a key, whole or not; `nil` when there is none.
  package func number(_ key: String) throws -> Double? {
    try value(key, "a number") {
      switch $0 {
      case .float(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
  }

  /// The truth value under a key; `nil` when there is none.
  package func flag(_ key: String) throws -> Bool? {
    try value(key, "a truth value") { if case .bool(let flag) = $0 { flag } else { nil } }
  }

  /// The texts under a key, copied once; `nil` when there is none. What is not UTF-8 becomes U+FFFD.
  package func strings(_ key: String) throws -> [String]? {
    guard let array = try array(key, "texts", [.string]) else { return nil }
    return try data.withUnsafeBytes { bytes in
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[array.bytes]))
      return try (0..<array.count).map { _ in GGUFArray.text(reader.bytes[try reader.skipText("a text of '\(key)'")]) }
    }
  }

  /// The numbers under a key; `nil` when there is none.
  package func floats(_ key: String) throws -> [Float]? {
    try elements(key, "numbers", [.float32, .float64]) {
      if case .float(let number) = $0 { Float(number) } else { nil }
    }
  }

  /// The whole numbers (or truth values, as 0 and 1) under a key; `nil` when there is none.
  package func integers(_ key: String) throws -> [Int]? {
    let kinds: [GGUFValue.Kind] = [.uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .bool]
    return try elements(key, "whole numbers", kinds) {
      switch $0 {
      case .integer(let number): number
      case .bool(let flag): flag ? 1 : 0
      default: nil
      }
    }
  }

  private func value<T>(_ key: String, _ wanted: String, _ read: (GGUFValue) -> T?) throws -> T? {
    guard let value = metadata[key] else { return nil }
    guard let result = read(value) else { throw ModelError("'\(name)' has a '\(key)' that is not \(wanted).") }
    return result
  }

  private func array(_ key: String, _ wanted: String, _ kinds: [GGUFValue.Kind]) throws -> GGUFArray? {
    try value(key, "an array of \(wanted)") { value in
      if case .array(let array) = value, kinds.contains(array.kind) { array } else { nil }
    }
  }

  private func elements<T>(
    _ key: String, _ wanted: String, _ kinds: [GGUFValue.Kind], _ read: (GGUFValue) -> T?
  ) throws -> [T]? {
    guard let array = try array(key, wanted, kinds) else { return nil }
    return try data.withUnsafeBytes { bytes in
      try (0..<array.count).map { index in
        let offset = array.bytes.lowerBound + index * array.kind.size
        guard let element = GGUFValue(scalar: array.kind, at: offset, in: bytes).flatMap(read) else {
          throw ModelError("'\(name)' has a '\(key)' whose value \(index) is not one of \(wanted).")
        }
        return element
      }
    }
  }
}
