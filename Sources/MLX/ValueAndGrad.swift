internal import CMLX

/// The values of a loss function and the gradient of the first of them.
package struct ValueAndGrad {
  /// What the closure returned; the first is the loss.
  package let values: [MLXArray]
  /// The gradient of the loss with respect to each parameter, under the parameter's name.
  package let gradients: Parameters

  package init(values: [MLXArray], gradients: Parameters) { (self.values, self.gradients) = (values, gradients) }

  /// The loss, a scalar array.
  package var loss: MLXArray { values[0] }
}

/// Differentiates `function` at `parameters`.
///
/// The closure builds the graph from the arrays it is given, and returns the loss, a scalar, first; further arrays are
/// passed through without a gradient. Nothing is computed before `eval`. An error that the closure throws comes out here.
package func valueAndGrad(
  _ parameters: Parameters, _ function: (Parameters) throws -> [MLXArray]
) throws -> ValueAndGrad {
  try withoutActuallyEscaping(function) { function in
    let trace = Trace(parameters, function: function)
    return try trace.differentiate()
  }
}

/// The same for unnamed arrays and one value.
package func valueAndGrad(
  _ arrays: [MLXArray], _ function: ([MLXArray]) throws -> MLXArray
) throws -> (value: MLXArray, gradients: [MLXArray]) {
  let parameters = Parameters(arrays.enumerated().map { ("\($0)", $1) })
  let result = try valueAndGrad(parameters) { [try function($0.arrays)] }
  return (result.loss, result.gradients.arrays)
}

/// Carries a Swift closure, and the error it may throw, across the C boundary.
private final class Trace {
  private let parameters: Parameters
  private let function: (Parameters) throws -> [MLXArray]
  private var failure: (any Error)?

  init(_ parameters: Parameters, function: @escaping (Parameters) throws -> [MLXArray]) {
    self.parameters = parameters
    self.function = function
  }

  func differentiate() throws -> ValueAndGrad {
    let values = ArrayList()
    let gradients = ArrayList()
    let arrays = parameters.arrays
    let handles: [OpaquePointer?] = arrays.map(\.handle)
    let context = Unmanaged.passUnretained(self).toOpaque()
    let status = withExtendedLifetime((self, arrays)) {
      cmlx_value_and_grad(Self.callback, context, handles, handles.count, values.handle, gradients.handle)
    }
    if let failure { throw failure }
    try check(status)
    return try ValueAndGrad(values: values.arrays(), gradients: parameters.replacing(gradients.arrays()))
  }

  private static let callback: cmlx_function = { context, inputs, count, outputs in
    guard let context, let inputs, let outputs else { return 1 }
    return Unmanaged<Trace>.fromOpaque(context).takeUnretainedValue().call(inputs, count, outputs)
  }

  private func call(_ inputs: UnsafePointer<OpaquePointer?>, _ count: Int, _ outputs: OpaquePointer) -> Int32 {
    do {
      let traced = try (0..<count).map { try MLXArray(owning: cmlx_array_copy(inputs[$0])) }
      let values = try function(parameters.replacing(traced))
      guard !values.isEmpty else { throw MLXError("A differentiated function must return its loss.") }
      for value in values { try check(cmlx_list_append(outputs, value.handle)) }
      return 0
    } catch {
      failure = error
      return 1
    }
  }
}

/// The values of `function` at `inputs`, computed again when they are differentiated instead of being kept until then:
/// memory for time. Gradients reach `inputs` only, not what the closure holds.
package func checkpoint(
  _ inputs: [MLXArray], _ function: @escaping ([MLXArray]) throws -> [MLXArray]
) throws -> [MLXArray] {
  let kept = Recomputed(function)
  let outputs = ArrayList()
  let handles: [OpaquePointer?] = inputs.map(\.handle)
  let status = withExtendedLifetime(inputs) {
    cmlx_checkpoint(
      Recomputed.callback, Unmanaged.passRetained(kept).toOpaque(), Recomputed.release, handles, handles.count,
      outputs.handle)
  }
  if let failure = kept.failure { throw failure }
  try check(status)
  return try outputs.arrays()
}

/// A closure that the graph owns.
private final class Recomputed {
  private let function: ([MLXArray]) throws -> [MLXArray]
  private(set) var failure: (any Error)?

  init(_ function: @escaping ([MLXArray]) throws -> [MLXArray]) { self.function = function }

  static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    if let context { Unmanaged<Recomputed>.fromOpaque(context).release() }
  }

  static let callback: cmlx_function = { context, inputs, count, outputs in
    guard let context, let inputs, let outputs else { return 1 }
    let kept = Unmanaged<Recomputed>.fromOpaque(context).takeUnretainedValue()
    do {
      let traced = try (0..<count).map { try MLXArray(owning: cmlx_array_copy(inputs[$0])) }
      for value in try kept.function(traced) { try check(cmlx_list_append(outputs, value.handle)) }
      return 0
    } catch {
      kept.failure = error
      return 1
    }
  }
}

/// An owned list of arrays on the C side.
private final class ArrayList {
  let handle: OpaquePointer = cmlx_list_new()
  deinit { cmlx_list_free(handle) }

  func arrays() throws -> [MLXArray] {
    try (0..<cmlx_list_count(handle)).map { try MLXArray(owning: cmlx_list_get(handle, $0)) }
  }
}
