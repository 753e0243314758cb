import Foundation

/// An error in an experiment, described in one sentence: what is wrong, where, and what to do.
package struct ExperimentError: LocalizedError, CustomStringConvertible, Sendable {
  package let description: String
  package var errorDescription: String? { description }

  package init(_ description: String) { self.description = description }
}
