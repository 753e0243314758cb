internal import MLX

// Shapes: B rows, T tokens of the longest row, N actions of all rows, row by row.

/// Trajectories padded on the right to one length, with the states that their actions follow from.
struct ActionBatch {
  /// [B, T], int32.
  let inputs: MLXArray
  /// [N], int32: where in [B, T] each action's state stands, which is one before the action.
  let places: MLXArray
  /// [N], int32: the actions.
  let targets: MLXArray
  /// [B], int32: where each row's last state stands.
  let ends: MLXArray
  /// Actions of each row.
  let counts: [Int]

  init(_ trajectories: [Trajectory], context: Int, padding: Int32) throws {
    let rows = trajectories.map { $0.inputs(context: context) }
    let length = rows.map(\.count).max() ?? 0
    inputs = try MLXArray(
      rows.flatMap { $0 + [Int32](repeating: padding, count: length - $0.count) }, [rows.count, length])
    places = try MLXArray(
      trajectories.enumerated().flatMap { row, one in one.actions.map { Int32(row * length + $0 - 1) } })
    targets = try MLXArray(trajectories.flatMap(\.targets))
    ends = try MLXArray(rows.enumerated().map { Int32($0 * length + $1.count - 1) })
    counts = trajectories.map(\.actions.count)
  }

  /// Numbers of all actions cut into rows.
  func rows(_ values: [Float]) -> [[Float]] {
    var rest = values[...]
    return counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
