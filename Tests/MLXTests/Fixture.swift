import Foundation
import Testing

@testable import MLX

/// Reference numbers that Fixtures/make_fixtures.py made with PyTorch.
struct Fixture {
  let table: Parameters

  init(_ name: String) throws {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    table = try Safetensors(contentsOf: folder.appending(path: "\(name).safetensors")).arrays
  }

  func callAsFunction(_ name: String) throws -> MLXArray { try table.require(name) }
  func numbers(_ name: String) throws -> [Float] { try table.require(name).asArray(Float.self) }

  /// NAME.0, NAME.1, ... as far as there are any.
  func sequence(_ name: String) -> [MLXArray] {
    (0...).lazy.map { table["\(name).\($0)"] }.prefix { $0 != nil }.compactMap { $0 }
  }
}
