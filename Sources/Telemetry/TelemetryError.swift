import Foundation

/// Why telemetry cannot be written: one sentence that says what happened, where, and what to do.
package struct TelemetryError: Error, Equatable, LocalizedError, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package var errorDescription: String? { description }
}

extension TelemetryError {
  /// A file or folder that the system refuses.
  init(unwritable file: URL, _ error: any Error) {
    self.init(
      """
      The telemetry file \(file.path) cannot be written (\(error.localizedDescription)). Check the disk and the folder's \
      permissions, then run the same command again.
      """)
  }
}
