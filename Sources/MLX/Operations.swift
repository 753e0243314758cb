internal import CMLX

// MARK: Element by element

package func abs(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_ABS, a) }
package func square(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SQUARE, a) }
package func sqrt(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SQRT, a) }
package func rsqrt(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_RSQRT, a) }
package func exp(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_EXP, a) }
package func log(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_LOG, a) }
package func sigmoid(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SIGMOID, a) }
package func tanh(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_TANH, a) }
package func erf(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_ERF, a) }
package func sin(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_SIN, a) }
package func cos(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_COS, a) }
package func floor(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_FLOOR, a) }
package func logicalNot(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_LOGICAL_NOT, a) }
package func isNaN(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_IS_NAN, a) }
package func pow(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try binary(CMLX_POWER, a, b) }
package func maximum(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try binary(CMLX_MAXIMUM, a, b) }
package func minimum(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try binary(CMLX_MINIMUM, a, b) }

/// The same values, through which no gradient flows.
package func stopGradient(_ a: MLXArray) throws -> MLXArray { try unary(CMLX_STOP_GRADIENT, a) }

/// `a` where the condition holds, else `b`; all three are broadcast.
package func which(_ condition: MLXArray, _ a: MLXArray, _ b: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_where(condition.handle, a.handle, b.handle))
}

// MARK: Products

/// Matrix product over the last two axes, [..., m, k] x [..., k, n].
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
  package func sum(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_SUM, axes, keepDims)
  }
  package func mean(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MEAN, axes, keepDims)
  }
  package func max(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MAX, axes, keepDims)
  }
  package func min(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_MIN, axes, keepDims)
  }
  package func logSumExp(axes: [Int]? = nil, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_LOGSUMEXP, axes, keepDims)
  }

  package func sum(axis: Int, keepDims: Bool = false) throws -> MLXArray { try sum(axes: [axis], keepDims: keepDims) }
  package func mean(axis: Int, keepDims: Bool = false) throws -> MLXArray { try mean(axes: [axis], keepDims: keepDims) }
  package func max(axis: Int, keepDims: Bool = false) throws -> MLXArray { try max(axes: [axis], keepDims: keepDims) }
  package func min(axis: Int, keepDims: Bool = false) throws -> MLXArray { try min(axes: [axis], keepDims: keepDims) }
  package func logSumExp(axis: Int, keepDims: Bool = false) throws -> MLXArray {
    try logSumExp(axes: [axis], keepDims: keepDims)
  }

  /// The index (`uint32`) of the largest element along an axis; the first one among equals.
  package func argMax(axis: Int, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_ARGMAX, [axis], keepDims)
  }
  /// The index (`uint32`) of the smallest element along an axis; the first one among equals.
  package func argMin(axis: Int, keepDims: Bool = false) throws -> MLXArray {
    try reduced(CMLX_ARGMIN, [axis], keepDims)
  }
  /// Sums of the elements up to and including each one.
  package func cumsum(axis: Int) throws -> MLXArray { try reduced(CMLX_CUMSUM, [axis], true) }
  /// The elements in ascending order along an axis.
  package func sorted(axis: Int = -1) throws -> MLXArray { try reduced(CMLX_SORT, [axis], true) }
  /// The indices (`uint32`) that would sort the array along an axis.
  package func argSort(axis: Int = -1) throws -> MLXArray { try reduced(CMLX_ARGSORT, [axis], true) }

  private func reduced(_ op: cmlx_reduce_op, _ axes: [Int]?, _ keepDims: Bool) throws -> MLXArray {
    let axes = try int32(axes ?? Array(0..<ndim))
    return try MLXArray(owning: cmlx_reduce(op, handle, axes, axes.count, keepDims))
  }
}

/// Shares that sum to one along an axis. For attention use `causalSoftmax` or `paddedSoftmax`, which are much faster.
package func softmax(_ a: MLXArray, axis: Int = -1) throws -> MLXArray {
  try MLXArray(owning: cmlx_reduce(CMLX_SOFTMAX, a.handle, [int32(axis)], 1, true))
}
