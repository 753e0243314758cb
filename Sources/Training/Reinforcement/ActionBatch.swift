internal import LanguageModels
internal import MLX

// Shapes: B rows, T tokens of the longest row, M trajectories, N actions of all of them, one after the other.

/// Trajectories in rows that are padded on the right to one length, with the states that their actions follow from.
struct ActionBatch {
  /// [B, T].
  let inputs: TokenRows
  /// [N], int32: where in [B, T] each action's state stands, which is one before the action.
  let places: MLXArray
  /// [N], int32: the actions.
  let targets: MLXArray
  /// [M], int32: where each trajectory's last state stands.
  let ends: MLXArray
  /// Actions of each trajectory.
  let counts: [Int]

  init(_ trajectories: [Trajectory], packing: RowPacking, context: Int, padding: Int32) throws {
    let texts = trajectories.map { $0.inputs(context: context) }
    inputs = try packing.rows(texts, padding: padding)
    places = try MLXArray(
      trajectories.enumerated().flatMap { index, one in
        one.actions.map { Int32(packing.place(of: $0 - 1, in: index)) }
      })
    targets = try MLXArray(trajectories.flatMap(\.targets))
    ends = try MLXArray(texts.enumerated().map { Int32(packing.place(of: $1.count - 1, in: $0)) })
    counts = trajectories.map(\.actions.count)
  }

  /// Numbers of all actions, cut where a trajectory ends.
  func rows(_ values: [Float]) -> [[Float]] {
    var rest = values[...]
    return counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}

extension RowPacking {
  /// Trajectories in parts of at most `tokens` tokens, padding included.
  static func parts(
    _ trajectories: [Trajectory], context: Int, tokens: Int, shares: Bool
  ) -> [Part] {
    parts(
      trajectories.map { one in
        let inputs = one.inputs(context: context)
        return Text(tokens: inputs, open: (one.actions.first ?? inputs.count + 1) - 1)
      }, tokens: tokens, shares: shares)
  }
}
