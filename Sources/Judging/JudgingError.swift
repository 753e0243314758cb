internal import Foundation

/// Why a score or a verdict cannot be had, in one sentence that says what, where, and what to do.
package struct JudgingError: LocalizedError, CustomStringConvertible, Sendable {
  package let description: String
  package var errorDescription: String? { description }

  package init(_ description: String) { self.description = description }
}
