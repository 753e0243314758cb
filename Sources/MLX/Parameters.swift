/// Named arrays in a fixed order: a model's parameters, their gradients, or an optimiser's moments.
package struct Parameters {
  /// Names in order.
  package private(set) var names: [String] = []
  private var table: [String: MLXArray] = [:]

  /// No arrays.
  package init() {}

  /// From pairs in order; a repeated name replaces the earlier array.
  package init(_ pairs: some Sequence<(String, MLXArray)>) {
    for (name, array) in pairs { self[name] = array }
  }

  /// The array of this name; setting nil removes it.
  package subscript(_ name: String) -> MLXArray? {
    get { table[name] }
    set {
      if newValue == nil { names.removeAll { $0 == name } } else if table[name] == nil { names.append(name) }
      table[name] = newValue
    }
  }

  /// The array of this name, or an error that names it.
  package func require(_ name: String) throws -> MLXArray {
    guard let array = table[name] else { throw MLXError("There is no parameter named '\(name)'.") }
    return array
  }

  /// Arrays in order.
  package var arrays: [MLXArray] { names.compactMap { table[$0] } }
  /// The number of arrays.
  package var count: Int { names.count }
  /// Whether there are none.
  package var isEmpty: Bool { names.isEmpty }
  /// The number of elements in all arrays together.
  package var elementCount: Int { arrays.reduce(0) { $0 + $1.size } }

  /// Names and arrays in order.
  package var pairs: [(name: String, array: MLXArray)] { names.compactMap { name in table[name].map { (name, $0) } } }

  /// The same names with other arrays, which come in the same order.
  package func replacing(_ arrays: [MLXArray]) throws -> Parameters {
    guard arrays.count == count else { throw MLXError("\(arrays.count) arrays for \(count) parameters.") }
    return Parameters(zip(names, arrays))
  }

  /// The arrays whose names begin with `prefix`, without it.
  package func named(under prefix: String) -> Parameters {
    Parameters(pairs.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.array) })
  }

  /// Each array transformed.
  package func mapped(_ transform: (String, MLXArray) throws -> MLXArray) rethrows -> Parameters {
    Parameters(try pairs.map { ($0.name, try transform($0.name, $0.array)) })
  }
}
