internal import CMLX
internal import Foundation

/// Rotary position embedding, half-split convention: element i is paired with element i + R.
///
/// Make one for a batch's positions and use it in every layer, for queries and keys.
/// Shapes: B batch, T positions, H heads, D width, R rotated pairs (2 R <= D; the rest of D is left as it is).
package struct RotaryEmbedding {
  private let cosines, sines: MLXArray

  /// Angles for positions 0..<T (shared by the batch), or any others: `positions` holds T numbers, or B x T of them.
  ///
  /// - Parameters:
  ///   - positions: row-major; its count must be T, or `batch` times T when `batch` is given.
  ///   - batch: B when every sequence has positions of its own.
  ///   - inverseFrequencies: radians per position of each of the R pairs.
  ///   - scale: multiplies what is rotated.
  package init(
    positions: some Collection<Int>, batch: Int? = nil, inverseFrequencies: [Double], scale: Double = 1
  ) throws {
    let pairs = inverseFrequencies.count
    let angles = positions.lazy.flatMap { position in inverseFrequencies.lazy.map { Double(position) * $0 } }
    let shape = batch.map { [$0, positions.count / Swift.max($0, 1), pairs] } ?? [positions.count, pairs]
    cosines = try MLXArray(angles.map { Float(Foundation.cos($0) * scale) }, shape)
    sines = try MLXArray(angles.map { Float(Foundation.sin($0) * scale) }, shape)
  }

  /// The usual frequencies, base^(-2 i / dimensions), for `dimensions` / 2 pairs.
  package static func inverseFrequencies(dimensions: Int, base: Double) -> [Double] {
    (0..<dimensions / 2).map { Foundation.pow(base, -2 * Double($0) / Double(dimensions)) }
  }

  /// Queries or keys [B, T, H, D], rotated.
  package func callAsFunction(_ x: MLXArray) throws -> MLXArray {
    try MLXArray(owning: cmlx_rotary(x.handle, cosines.handle, sines.handle))
  }
}
