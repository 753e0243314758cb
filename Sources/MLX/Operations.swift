internal import CMLX

// MARK: Element by element

/// The magnitude of every element.
package func abs(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_ABS, a) }
/// The square of every element.
package func square(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SQUARE, a) }
/// The square root of every element; NaN below 0.
package func sqrt(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SQRT, a) }
/// One over the square root of every element.
package func rsqrt(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_RSQRT, a) }
/// e to the power of every element.
package func exp(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_EXP, a) }
/// The natural logarithm of every element.
package func log(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_LOG, a) }
/// The logistic function, 1 / (1 + exp(-x)), of every element.
package func sigmoid(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SIGMOID, a) }
/// The hyperbolic tangent of every element.
package func tanh(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_TANH, a) }
/// The larger of two elements, broadcast.
package func maximum(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try binary(CMLX_MAXIMUM, a, b) }

/// The same values, through which no gradient flows.
package func stopGradient(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_STOP_GRADIENT, a) }

/// `a` where the condition holds, else `b`; all three are broadcast.
package func which(_ condition: MLXArray, _ a: MLXArray, _ b: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_where(condition.handle, a.handle, b.handle))
}

// MARK: Products

/// The matrix product over the last two axes, [..., m, k] x [..., k, n].
package func matmul(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try binary(CMLX_MATMUL, a, b) }

/// `c + matmul(a, b)` in one operation.
package func addMM(_ c: MLXArray, _ a: MLXArray, _ b: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_addmm(c.handle, a.handle, b.handle))
}

// MARK: Joining

/// The arrays one after another along an existing axis.
package func concatenated(_ arrays: [MLXArray], axis: Int = 0) throws -> MLXArray {
  let handles: [OpaquePointer?] = arrays.map(\.handle)
  let axis = try int32(axis)
  return try withExtendedLifetime(arrays) {
    try MLXArray(owning: cmlx_concatenate(handles, handles.count, axis))
  }
}

/// The arrays one after another along a new axis.
package func stacked(_ arrays: [MLXArray], axis: Int = 0) throws -> MLXArray {
  let handles: [OpaquePointer?] = arrays.map(\.handle)
  let axis = try int32(axis)
  return try withExtendedLifetime(arrays) {
    try MLXArray(owning: cmlx_stack(handles, handles.count, axis))
  }
}

// MARK: Reductions. Without axes, over all of them; negative axes count from the end.

extension MLXArray {
  /// The sum over axes.
  package func sum(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_SUM, axes, keepDims)
  }
  /// The mean over axes.
  package func mean(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MEAN, axes, keepDims)
  }
  /// The largest element over axes.
  package func max(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MAX, axes, keepDims)
  }
  /// The smallest element over axes.
  package func min(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MIN, axes, keepDims)
  }
  /// log(sum(exp(x))) over axes, without overflow.
  package func logSumExp(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_LOGSUMEXP, axes, keepDims)
  }

  /// The sum over one axis.
  package func sum(axis: Int, keepDims: Bool = false) throws -> MLXArray { try sum(axes: [axis], keepDims: keepDims) }
  /// The mean over one axis.
  package func mean(axis: Int, keepDims: Bool = false) throws -> MLXArray { try mean(axes: [axis], keepDims: keepDims) }
  /// The largest element over one axis.
  package func max(axis: Int, keepDims: Bool = false) throws -> MLXArray { try max(axes: [axis], keepDims: keepDims) }
  /// The smallest element over one axis.
  package func min(axis: Int, keepDims: Bool = false) throws -> MLXArray { try min(axes: [axis], keepDims: keepDims) }
  /// log(sum(exp(x))) over one axis, without overflow.
  package func logSumExp(axis: Int, keepDims: Bool = false) throws -> MLXArray {
    try logSumExp(axes: [axis], keepDims: keepDims)
  }

  /// The index (`uint32`) of the largest element along an axis; the first one among equals.
  package func argMax(axis: Int, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_ARGMAX, [axis], keepDims)
  }

  private func reduced(_ op: cmlx_reduce_op, _ axes: [Int]?, _ keepDims: Bool) throws -> MLXArray {
    let axes = try int32(axes ?? Array(0..<ndim))
    return try MLXArray(owning: cmlx_reduce(op, handle, axes, axes.count, keepDims))
  }
}

/// Shares that sum to one along an axis. For attention use `causalSoftmax` or `paddedSoftmax`, which are much faster.
package func softmax(_ a: MLXArray, axis: Int = -1) throws -> MLXArray {
  try MLXArray(owning: cmlx_reduce(CMLX_SOFTMAX, a.handle, [int32(axis)], 1, true))
}
