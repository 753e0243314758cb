internal import CMLX

/// A lazy, immutable n-dimensional array: a node of MLX's graph, computed when it is evaluated or read.
///
/// Names follow mlx-swift. Unlike there, operations throw: a C++ exception arrives as `MLXError` where it happened.
/// Not `Sendable`: keep a model and its optimiser in one actor and let only Swift values leave it. Tasks may hop threads
/// between calls; the C surface serialises them on one stream.
package final class MLXArray {
  /// Owned by this object, freed when it goes.
  let handle: OpaquePointer

  /// Takes over a handle that the C surface returned; throws its message when there is none.
  init(owning handle: OpaquePointer?) throws {
    guard let handle else { throw MLXError.last }
    self.handle = handle
  }

  deinit { cmlx_array_free(handle) }

  /// An array of these values in row-major order; one axis when no shape is given.
  package convenience init<T: HasDType>(_ values: [T], _ shape: [Int]? = nil) throws {
    try self.init(bytes: values, shape: shape ?? [values.count], dtype: T.dtype)
  }

  /// A scalar, `float32`.
  package convenience init(_ value: Float) throws {
    try self.init(owning: cmlx_array_scalar(value))
  }

  /// An array from the memory of `bytes`, which must hold exactly what shape and type need, little-endian, row-major.
  package convenience init<T: BitwiseCopyable>(bytes: [T], shape: [Int], dtype: DType) throws {
    let handle = try bytes.withUnsafeBytes { try Self.copying($0, shape: shape, dtype: dtype) }
    try self.init(owning: handle)
  }

  /// The same from a raw buffer, for mapped files.
  package convenience init(buffer: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws {
    try self.init(owning: Self.copying(buffer, shape: shape, dtype: dtype))
  }

  private static func copying(
    _ buffer: UnsafeRawBufferPointer, shape: [Int], dtype: DType
  ) throws -> OpaquePointer? {
    let extents = try int32(shape)
    return cmlx_array_from_bytes(buffer.baseAddress, buffer.count, extents, extents.count, dtype.code)
  }

  // MARK: Description

  /// The extent of each axis.
  package var shape: [Int] { (0..<ndim).map { Int(cmlx_array_dim(handle, $0)) } }
  /// The number of axes.
  package var ndim: Int { cmlx_array_ndim(handle) }
  /// The number of elements.
  package var size: Int { cmlx_array_size(handle) }
  /// The type of the elements.
  package var dtype: DType { DType(code: cmlx_array_dtype(handle)) }

  /// The extent of one axis; negative numbers count from the end. The axis must exist.
  package func dim(_ axis: Int) -> Int { Int(cmlx_array_dim(handle, axis < 0 ? ndim + axis : axis)) }

  // MARK: Reading

  /// Evaluates the array and returns its elements in row-major order, converted to `T` where the type differs.
  package func asArray<T: HasDType>(_ type: T.Type) throws -> [T] {
    let source = dtype == T.dtype ? self : try asType(T.dtype)
    var status: Int32 = 0
    let values = [T](unsafeUninitializedCapacity: size) { buffer, count in
      status = cmlx_array_read(source.handle, buffer.baseAddress, size * MemoryLayout<T>.stride)
      count = status == 0 ? size : 0
    }
    try check(status)
    return values
  }

  /// The only element of a one-element array.
  package func item<T: HasDType>(_ type: T.Type) throws -> T {
    guard size == 1 else { throw MLXError("item() needs an array with one element; this one has shape \(shape).") }
    return try asArray(type)[0]
  }

  /// The elements' bytes, little-endian and in row-major order, whatever their type.
  package func asData() throws -> [UInt8] {
    let bytes = size * dtype.size
    var status: Int32 = 0
    let data = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
      status = cmlx_array_read(handle, buffer.baseAddress, bytes)
      count = status == 0 ? bytes : 0
    }
    try check(status)
    return data
  }

  /// The number of array handles alive in the process, for tests of ownership.
  package static var liveCount: Int { cmlx_live_handles() }
}

/// Computes arrays, and everything they depend on, now. Call it once a step: an unevaluated graph keeps growing.
package func eval(_ arrays: [MLXArray]) throws {
  let handles: [OpaquePointer?] = arrays.map(\.handle)
  try check(withExtendedLifetime(arrays) { cmlx_eval(handles, handles.count) })
}

/// Computes arrays now.
package func eval(_ arrays: MLXArray...) throws { try eval(arrays) }

/// The numbers as C's `int`, or an error naming the one that does not fit.
func int32(_ values: [Int]) throws -> [Int32] {
  try values.map {
    guard let value = Int32(exactly: $0) else { throw MLXError("\($0) is too large for an array's axis.") }
    return value
  }
}

func int32(_ value: Int) throws -> Int32 { try int32([value])[0] }
