internal import CMLX
internal import Foundation

/// A failure of an array operation, with MLX's own message (for example the two shapes that do not fit).
package struct MLXError: LocalizedError, CustomStringConvertible, Equatable {
  /// What went wrong, a complete sentence or MLX's message.
  package let description: String
  /// The same, for Foundation.
  package var errorDescription: String? { description }

  /// An error with this message.
  package init(_ description: String) { self.description = description }

  /// The failure that the C surface has just reported on this thread.
  static var last: MLXError { MLXError("MLX: " + String(cString: cmlx_last_error())) }
}

/// Throws the last failure unless a C function returned 0.
func check(_ status: Int32) throws {
  if status != 0 { throw MLXError.last }
}
