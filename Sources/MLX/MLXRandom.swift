internal import CMLX

/// Random arrays. Every function takes its key: the same key gives the same numbers, in any order and on any thread.
/// MLX's global generator is never used.
package enum MLXRandom {
  /// A key from a seed, such as `Seed.value`.
  package static func key(_ seed: UInt64) throws -> MLXArray { try MLXArray(owning: cmlx_random_key(seed)) }

  /// Independent keys derived from one.
  package static func split(key: MLXArray, into count: Int) throws -> [MLXArray] {
    let keys = try MLXArray(owning: cmlx_random_split(key.handle, int32(count)))
    return try (0..<count).map { try keys[$0] }
  }

  /// Uniform in low..<high, float32.
  package static func uniform(low: Float = 0, high: Float = 1, _ shape: [Int], key: MLXArray) throws -> MLXArray {
    let extents = try int32(shape)
    return try MLXArray(owning: cmlx_random_uniform(extents, extents.count, low, high, key.handle))
  }

  /// Normally distributed, float32.
  package static func normal(
    _ shape: [Int], loc: Float = 0, scale: Float = 1, key: MLXArray
  ) throws -> MLXArray {
    let extents = try int32(shape)
    return try MLXArray(owning: cmlx_random_normal(extents, extents.count, loc, scale, key.handle))
  }
}
