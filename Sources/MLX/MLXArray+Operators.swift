internal import CMLX

// Element by element, with MLX's broadcasting. A Swift number counts as a float32 scalar.
extension MLXArray {
  package static func + (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_ADD, a, b) }
  package static func - (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_SUBTRACT, a, b) }
  package static func * (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_MULTIPLY, a, b) }
  package static func / (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_DIVIDE, a, b) }

  package static func + (a: MLXArray, b: Float) throws -> MLXArray { try a + MLXArray(b) }
  package static func - (a: MLXArray, b: Float) throws -> MLXArray { try a - MLXArray(b) }
  package static func * (a: MLXArray, b: Float) throws -> MLXArray { try a * MLXArray(b) }
  package static func / (a: MLXArray, b: Float) throws -> MLXArray { try a / MLXArray(b) }

  package static func + (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) + b }
  package static func - (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) - b }
  package static func * (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) * b }
  package static func / (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) / b }

  package static prefix func - (a: MLXArray) throws -> MLXArray { try unary(CMLX_NEGATIVE, a) }
}

// Comparisons give arrays of `bool`.
extension MLXArray {
  package static func .== (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_EQUAL, a, b) }
  package static func .!= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_NOT_EQUAL, a, b) }
  package static func .< (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LESS, a, b) }
  package static func .<= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LESS_EQUAL, a, b) }
  package static func .> (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_GREATER, a, b) }
  package static func .>= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_GREATER_EQUAL, a, b) }
  package static func .&& (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LOGICAL_AND, a, b) }
  package static func .|| (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LOGICAL_OR, a, b) }
}

infix operator .&& : LogicalConjunctionPrecedence
infix operator .|| : LogicalDisjunctionPrecedence

func unary(_ op: cmlx_unary_op, _ a: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_unary(op, a.handle))
}

func binary(_ op: cmlx_binary_op, _ a: MLXArray, _ b: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_binary(op, a.handle, b.handle))
}
