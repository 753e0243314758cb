internal import Tokenization

/// A weight of Phi-3 that its files keep in one matrix with others: queries, keys and values, or gate and up.
struct FusedWeight {
  /// The module that holds it, in place of its own.
  let module: String
  /// Its rows in that matrix.
  let rows: Range<Int>
  /// The rows of the whole matrix.
  let total: Int

  /// `nil` for a weight that stands alone.
  init?(_ weight: String, of configuration: TransformerConfiguration) {
    guard configuration.family == .phi3, weight.hasSuffix("_proj.weight") else { return nil }
    let (query, keyValue) = (
      configuration.heads * configuration.headWidth, configuration.keyValueHeads * configuration.headWidth
    )
    let sizes: [(name: String, rows: Int)]
    switch weight.split(separator: ".").dropLast().last {
    case "q_proj", "k_proj", "v_proj":
      (module, sizes) = ("qkv_proj", [("q_proj", query), ("k_proj", keyValue), ("v_proj", keyValue)])
    case "gate_proj", "up_proj":
      (module, sizes) = ("gate_up_proj", [("gate_proj", configuration.hidden), ("up_proj", configuration.hidden)])
    default: return nil
    }
    var start = 0
    var found = 0..<0
    for size in sizes {
      if weight.hasSuffix("." + size.name + ".weight") { found = start..<start + size.rows }
      start += size.rows
    }
    (rows, total) = (found, start)
  }

  /// The name of the matrix that holds the weight, as Hugging Face's files have it.
  func name(of weight: String) -> String {
    let parts = weight.split(separator: ".")
    return (parts.dropLast(2) + [module[...], "weight"]).joined(separator: ".")
  }

  /// The weight's part of the stored matrix.
  ///
  /// - Throws: a `ModelError` when that does not have as many rows as all its parts.
  func part(of tensor: StoredTensor, named name: String, source: String) throws -> StoredTensor {
    guard tensor.shape.count == 2, tensor.shape[0] == total else {
      throw ModelError(
        "'\(name)' in '\(source)' has the shape \(tensor.shape), and the configuration needs \(total) rows.")
    }
    return tensor.rows(rows)
  }
}
