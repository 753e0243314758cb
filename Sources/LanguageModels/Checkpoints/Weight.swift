internal import Tokenization

/// One parameter of a model, row-major, as a plain value that may cross tasks.
package struct Weight: Sendable, Hashable {
  package let shape: [Int]
  package let values: [Float]

  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// Throws a `ModelError` when it does not have `shape` or holds a number that is not finite.
  func check(_ name: String, shape expected: [Int]) throws {
    guard shape == expected, values.count == expected.reduce(1, *) else {
      throw ModelError("Parameter '\(name)' is missing or does not have shape \(expected).")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw ModelError("Parameter '\(name)' holds a number that is not finite.")
    }
  }
}
