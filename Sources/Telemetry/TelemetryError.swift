import Foundation

/// Why telemetry cannot be written: one sentence that says what happened, where, and what to do.
package struct TelemetryError: Error, Equatable, LocalizedError, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package var errorDescription: String? { description }
}

extension TelemetryError {
  /// Runs `work` on a file or folder; what the system refuses becomes one sentence.
  static func naming<Value>(_ file: URL, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch {
      throw TelemetryError(
        """
        The telemetry at \(file.path) cannot be written (\(error.localizedDescription)). Check the disk and the folder's \
        permissions, then run the same command again.
        """)
    }
  }
}
