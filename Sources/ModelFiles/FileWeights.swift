internal import Foundation
internal import Tokenization

/// The weights of a configuration, found in the arrays of mapped files and checked against it.
package struct FileWeights: WeightSource {
  /// Where one weight comes from.
  struct Entry: Sendable {
    let tensor: StoredTensor
    /// The file that holds it.
    let file: Data
    var order = StoredTensor.RowOrder.asStored
    /// Added to every number: Gemma's safetensors files hold what the factor of a norm exceeds 1 by.
    var addition: Float = 0
  }

  private let entries: [String: Entry]

  /// Checks that every weight is there in its shape.
  ///
  /// - Parameters:
  ///   - source: for messages.
  ///   - find: the array of a weight and its name in the file; `nil` when there is none.
  init(
    _ configuration: TransformerConfiguration, source: String,
    find: (_ name: String) throws -> (entry: Entry, storedName: String)?
  ) throws {
    var entries: [String: Entry] = [:]
    for (name, shape) in configuration.weightShapes {
      guard let (entry, storedName) = try find(name) else {
        throw ModelError("'\(source)' lacks the weight '\(name)' of its \(configuration.family.rawValue) model.")
      }
      guard entry.tensor.shape == shape else {
        throw ModelError(
          "'\(storedName)' in '\(source)' has the shape \(entry.tensor.shape), and the configuration needs \(shape).")
      }
      entries[name] = entry
    }
    self.entries = entries
  }

  package func values(_ name: String) throws -> [Float] {
    let entry = try entry(name)
    var values = try entry.tensor.values(in: entry.file, order: entry.order, name: name)
    if entry.addition != 0 { for index in values.indices { values[index] += entry.addition } }
    return values
  }

  package func blocks(_ name: String) throws -> EightBitBlocks? {
    let entry = try entry(name)
    guard entry.addition == 0 else { return nil }
    return try entry.tensor.blocks(in: entry.file, order: entry.order, name: name)
  }

  /// How the file stores a weight; `nil` when the file has no weight of this name.
  package func format(_ name: String) -> TensorFormat? { entries[name]?.tensor.format }

  private func entry(_ name: String) throws -> Entry {
    guard let entry = entries[name] else { throw ModelError("The model has no weight '\(name)'.") }
    return entry
  }
}
