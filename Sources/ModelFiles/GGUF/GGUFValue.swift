/// A value of a GGUF file's metadata.
package enum GGUFValue: Sendable, Hashable {
  /// Of any width, signed or not.
  case integer(Int)
  /// An unsigned number that `Int` cannot hold.
  case large(UInt64)
  case float(Double)
  case bool(Bool)
  case string(String)
  case array(GGUFArray)

  /// The format's number of a type.
  package enum Kind: UInt32, Sendable {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of a value; at least so many of a text or an array.
    var size: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64, .string: 8
      case .array: 12
      }
    }
  }
}

/// An array of a GGUF file's metadata, left in the file until it is asked for (a vocabulary has 262,144 texts).
package struct GGUFArray: Sendable, Hashable {
  package let kind: GGUFValue.Kind
  package let count: Int
  /// Of the elements, within the file.
  let bytes: Range<Int>
}
