internal import Foundation
internal import MLX

// Shapes: every array has one axis; rows are ragged, row i is offsets[i]..<offsets[i + 1].

/// The arrays of `batch.safetensors` (`Engines/torch/README.md`).
struct TorchBatch {
  private var arrays: [(String, MLXArray)] = []

  /// Rows to learn from, as supervised training has them.
  init(_ examples: [TrainingExample], measured: Int, steps: [[Int]]) throws {
    try addRows(examples.map(\.tokens), targets: examples.map { $0.targets ?? $0.tokens })
    arrays.append(("weights", try MLXArray(examples.flatMap(\.weights))))
    arrays.append(("is_measured", try Self.flags(examples.indices.map { $0 < measured })))
    try addSteps(steps)
  }

  /// Rollouts of a round.
  init(_ rollouts: [Rollout], isThought: [[Bool]], steps: [[Int]]) throws {
    try addRows(rollouts.map(\.tokens), targets: rollouts.map { $0.targets ?? $0.tokens })
    arrays.append(("is_action", try Self.flags(rollouts.flatMap(\.isAction))))
    arrays.append(("is_thought", try Self.flags(isThought.flatMap { $0 })))
    if rollouts.contains(where: { $0.logProbabilities != nil }) {
      let recorded = rollouts.flatMap { $0.logProbabilities ?? $0.tokens.map { _ in 0 } }
      arrays.append(("log_probabilities", try MLXArray(recorded)))
      arrays.append(("is_recorded", try Self.flags(rollouts.map { $0.logProbabilities != nil })))
    }
    arrays.append(("rewards", try MLXArray(rollouts.map(\.reward))))
    arrays.append(("groups", try MLXArray(rollouts.map { Int32($0.group) })))
    arrays.append(("is_truncated", try Self.flags(rollouts.map(\.isTruncated))))
    try addSteps(steps)
  }

  /// Pairs of answers, each with its prompt.
  init(_ pairs: [TokenizedPair], steps: [[Int]]) throws {
    for (prefix, rows) in [("chosen.", pairs.map(\.chosen)), ("rejected.", pairs.map(\.rejected))] {
      arrays.append((prefix + "tokens", try MLXArray(rows.flatMap { $0 })))
      arrays.append((prefix + "offsets", try Self.offsets(rows.map(\.count))))
    }
    arrays.append(("margins", try MLXArray(pairs.map(\.margin))))
    try addSteps(steps)
  }

  func encoded() throws -> Data { try Safetensors(arrays: Parameters(arrays)).encoded() }

  private mutating func addRows(_ tokens: [[Int32]], targets: [[Int32]]) throws {
    arrays.append(("tokens", try MLXArray(tokens.flatMap { $0 })))
    arrays.append(("targets", try MLXArray(targets.flatMap { $0 })))
    arrays.append(("offsets", try Self.offsets(tokens.map(\.count))))
  }

  private mutating func addSteps(_ steps: [[Int]]) throws {
    arrays.append(("steps", try MLXArray(steps.flatMap { $0 }.map { Int32($0) })))
    arrays.append(("step_offsets", try Self.offsets(steps.map(\.count))))
  }

  private static func offsets(_ counts: [Int]) throws -> MLXArray {
    try MLXArray(counts.reduce(into: [Int32(0)]) { $0.append(($0.last ?? 0) + Int32($1)) })
  }

  private static func flags(_ flags: [Bool]) throws -> MLXArray {
    try flags.map { UInt8($0 ? 1 : 0) }.withUnsafeBytes {
      try MLXArray(buffer: $0, shape: [flags.count], dtype: .uint8)
    }
  }
}
