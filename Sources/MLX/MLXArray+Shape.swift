internal import CMLX

// Making arrays, and changing their shape or type. Negative axes count from the end.
extension MLXArray {
  /// An array with one value everywhere.
  package static func full(_ shape: [Int], values: Float, dtype: DType = .float32) throws -> MLXArray {
    let extents = try int32(shape)
    return try MLXArray(owning: cmlx_full(extents, extents.count, values, dtype.code))
  }
  /// An array of zeros.
  package static func zeros(_ shape: [Int], dtype: DType = .float32) throws -> MLXArray {
    try full(shape, values: 0, dtype: dtype)
  }
  /// An array of ones.
  package static func ones(_ shape: [Int], dtype: DType = .float32) throws -> MLXArray {
    try full(shape, values: 1, dtype: dtype)
  }
  /// 0, 1, ..., `count` - 1.
  package static func arange(_ count: Int, dtype: DType = .int32) throws -> MLXArray {
    try arange(0, count, dtype: dtype)
  }
  /// `start`, `start` + `step`, ... below `stop`.
  package static func arange(_ start: Int, _ stop: Int, step: Int = 1, dtype: DType = .int32) throws -> MLXArray {
    try MLXArray(owning: cmlx_arange(Double(start), Double(stop), Double(step), dtype.code))
  }

  /// The elements converted to another type.
  package func asType(_ dtype: DType) throws -> MLXArray { try MLXArray(owning: cmlx_as_type(handle, dtype.code)) }

  /// The same elements in another shape; one extent may be -1 and is then derived.
  package func reshaped(_ shape: [Int]) throws -> MLXArray {
    let extents = try int32(shape)
    return try MLXArray(owning: cmlx_reshape(handle, extents, extents.count))
  }
  /// The same elements in another shape; one extent may be -1 and is then derived.
  package func reshaped(_ shape: Int...) throws -> MLXArray { try reshaped(shape) }

  /// Axes in another order.
  package func transposed(axes: [Int]) throws -> MLXArray {
    let axes = try int32(axes)
    return try MLXArray(owning: cmlx_transpose(handle, axes, axes.count))
  }
  /// Axes in another order; reversed when none is given.
  package func transposed(_ axes: Int...) throws -> MLXArray {
    try transposed(axes: axes.isEmpty ? (0..<ndim).reversed() : axes)
  }
  /// Two axes exchanged.
  package func swappedAxes(_ first: Int, _ second: Int) throws -> MLXArray {
    let (first, second) = (try axis(first), try axis(second))
    var order = Array(0..<ndim)
    order.swapAt(first, second)
    return try transposed(axes: order)
  }
  /// The transpose of a matrix.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  package var T: MLXArray { get throws { try transposed() } }

  /// With a new axis of extent 1.
  package func expandedDimensions(axis: Int) throws -> MLXArray {
    try MLXArray(owning: cmlx_expand_dims(handle, int32(axis)))
  }
  /// Without an axis of extent 1.
  package func squeezed(axis: Int) throws -> MLXArray { try MLXArray(owning: cmlx_squeeze(handle, int32(axis))) }

  /// The rows (or slices along `axis`) at these integer indices, which must be within range: MLX does not check them.
  /// For a token embedding use `embedding`, which checks, and whose gradient is fast.
  package func take(_ indices: MLXArray, axis: Int) throws -> MLXArray {
    try MLXArray(owning: cmlx_take(handle, indices.handle, int32(axis)))
  }

  /// An axis' position counted from the front, checked.
  func axis(_ axis: Int) throws -> Int {
    let position = axis < 0 ? ndim + axis : axis
    guard (0..<ndim).contains(position) else { throw MLXError("Axis \(axis) does not exist in shape \(shape).") }
    return position
  }
}

/// The array repeated, without copying, to a larger shape.
package func broadcast(_ a: MLXArray, to shape: [Int]) throws -> MLXArray {
  let extents = try int32(shape)
  return try MLXArray(owning: cmlx_broadcast_to(a.handle, extents, extents.count))
}

/// A dense row-major copy where the array is not one already.
package func contiguous(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_CONTIGUOUS, a) }

/// Equal parts along an axis.
package func split(_ a: MLXArray, parts: Int, axis: Int) throws -> [MLXArray] {
  let axis = try a.axis(axis)
  guard parts > 0, a.dim(axis) % parts == 0 else {
    throw MLXError("Axis \(axis) of shape \(a.shape) cannot be split into \(parts) equal parts.")
  }
  let width = a.dim(axis) / parts
  return try (0..<parts).map { try a.sliced(axis: axis, from: $0 * width, to: ($0 + 1) * width) }
}
