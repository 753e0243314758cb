import Foundation

/// What is wrong with an experiment, in one sentence that says what, where, and what to do.
package struct ExperimentError: LocalizedError, CustomStringConvertible, Sendable {
  package let description: String
  package var errorDescription: String? { description }

  package init(_ description: String) { self.description = description }
}
