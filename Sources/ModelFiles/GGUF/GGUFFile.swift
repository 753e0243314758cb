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
  /// The whole file; of a model in parts, the first.
  package let data: Data
  /// All parts, in order.
  package let parts: [Data]
  /// Which of `parts` holds an array, where that is not the first.
  private let places: [String: Int]

  /// Maps and reads a file; of a model in parts (`NAME-00001-of-00003.gguf`) any part opens all.
  ///
  /// - Throws: a `ModelError` that names the file, also when a part is missing, is there twice or does not fit the others.
  package init(contentsOf url: URL) throws {
    let file = try GGUFFile(data: UntrustedFile.mapped(url), name: url.path)
    self = try GGUFParts(file, url: url)?.joined() ?? file
  }

  /// Reads the bytes of a file; `name` is for messages.
  package init(data: Data, name: String) throws {
    do {
      let parsed = try data.withUnsafeBytes { try GGUFParser($0) }
      (metadata, tensors) = (parsed.metadata, parsed.tensors)
    } catch let error as ModelError {
      throw ModelError("'\(name)' is not a valid GGUF file: \(error.description)")
    }
    (self.data, self.name, parts, places) = (data, name, [data], [:])
  }

  /// A model of several parts: the metadata of the first, the arrays of all.
  init(parts files: [GGUFFile], tensors: [String: StoredTensor], places: [String: Int]) {
    (name, metadata, data, parts) = (files[0].name, files[0].metadata, files[0].data, files.map(\.data))
    (self.tensors, self.places) = (tensors, places)
  }

  /// The bytes in which `tensors` places an array.
  package func data(of tensor: String) -> Data { parts[places[tensor] ?? 0] }

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
