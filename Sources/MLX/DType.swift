internal import CMLX

/// The type of an array's elements. Computation on the CPU is fast in `float32` only; the half types are for storage.
package enum DType: String, Sendable, CaseIterable {
  case bool, uint8, uint16, uint32, uint64, int8, int16, int32, int64
  case float16, float32, float64, bfloat16, complex64

  /// Bytes an element takes.
  package var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .complex64: 8
    }
  }

  // The C enumeration lists the same cases in the same order.
  var code: cmlx_dtype { cmlx_dtype(UInt32(Self.allCases.firstIndex(of: self) ?? 0)) }
  init(code: cmlx_dtype) { self = Self.allCases[Int(code.rawValue)] }
}

/// A Swift type that an array can be made from and read into.
package protocol HasDType: BitwiseCopyable {
  /// The element type whose bytes a value of this type has.
  static var dtype: DType { get }
}

extension Float: HasDType { package static var dtype: DType { .float32 } }
extension Int32: HasDType { package static var dtype: DType { .int32 } }
extension UInt32: HasDType { package static var dtype: DType { .uint32 } }
extension UInt8: HasDType { package static var dtype: DType { .uint8 } }
extension UInt16: HasDType { package static var dtype: DType { .uint16 } }
extension Int64: HasDType { package static var dtype: DType { .int64 } }
extension Bool: HasDType { package static var dtype: DType { .bool } }
