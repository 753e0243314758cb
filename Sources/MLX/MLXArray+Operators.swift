internal import CMLX

// Element by element, with MLX's broadcasting. A Swift number counts as a float32 scalar.
extension MLXArray {
  /// The sum, element by element.
  package static func + (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_ADD, a, b) }
  /// The difference, element by element.
  package static func - (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_SUBTRACT, a, b) }
  /// The product, element by element.
  package static func * (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_MULTIPLY, a, b) }
  /// The quotient, element by element.
  package static func / (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_DIVIDE, a, b) }

  /// The sum of every element and a number.
  package static func + (a: MLXArray, b: Float) throws -> MLXArray { try a + MLXArray(b) }
  /// The difference of every element and a number.
  package static func - (a: MLXArray, b: Float) throws -> MLXArray { try a - MLXArray(b) }
  /// The product of every element and a number.
  package static func * (a: MLXArray, b: Float) throws -> MLXArray { try a * MLXArray(b) }
  /// The quotient of every element and a number.
  package static func / (a: MLXArray, b: Float) throws -> MLXArray { try a / MLXArray(b) }

  /// The sum of a number and every element.
  package static func + (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) + b }
  /// The difference of a number and every element.
  package static func - (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) - b }
  /// The product of a number and every element.
  package static func * (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) * b }
  /// The quotient of a number and every element.
  package static func / (a: Float, b: MLXArray) throws -> MLXArray { try MLXArray(a) / b }

  /// The negative of every element.
  package static prefix func - (a: MLXArray) throws -> MLXArray { try unary(CMLX_NEGATIVE, a) }
}

// Comparisons give arrays of `bool`.
extension MLXArray {
  /// Where elements are equal.
  package static func .== (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_EQUAL, a, b) }
  /// Where elements differ.
  package static func .!= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_NOT_EQUAL, a, b) }
  /// Where the left element is smaller.
  package static func .< (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LESS, a, b) }
  /// Where the left element is not larger.
  package static func .<= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_LESS_EQUAL, a, b) }
  /// Where the left element is larger.
  package static func .> (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_GREATER, a, b) }
  /// Where the left element is not smaller.
  package static func .>= (a: MLXArray, b: MLXArray) throws -> MLXArray { try binary(CMLX_GREATER_EQUAL, a, b) }
}

func unary(_ op: cmlx_unary_op, _ a: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_unary(op, a.handle))
}

func binary(_ op: cmlx_binary_op, _ a: MLXArray, _ b: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_binary(op, a.handle, b.handle))
}
