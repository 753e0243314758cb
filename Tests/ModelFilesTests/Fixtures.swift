import Foundation
import ModelFiles
import Testing
import Tokenization

/// What `Fixtures/make_fixtures.py` wrote.
enum Fixture {
  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  static func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  /// What Python read back of a file or folder, by the name of the weight.
  static func expected(_ file: String) throws -> [String: Expected] {
    let all = try JSONDecoder().decode([String: [String: Expected]].self, from: data("expected.json"))
    return try #require(all[file])
  }

  /// The message of the error that `body` throws.
  static func message(_ body: () throws -> some Any) -> String? {
    do { _ = try body() } catch { return (error as? ModelError)?.description ?? "not a ModelError: \(error)" }
    return nil
  }
}

struct Expected: Decodable {
  let shape: [Int]
  /// Of the float32 bytes.
  let crc: UInt32
  let first: [Double]
  let kind: String?
}

private let crcTable = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
}

/// The checksum of zlib.
func crc32(_ values: [Float]) -> UInt32 {
  values.withUnsafeBytes { bytes in
    ~bytes.reduce(~UInt32(0)) { crc, byte in crc >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  }
}

extension EightBitBlocks {
  /// The definition of a block, spelt out.
  var values: [Float] {
    numbers.indices.map { index in
      let product = scales[index / size] * Float(numbers[index])
      return offsets.isEmpty ? product : product - offsets[index / size]
    }
  }
}
