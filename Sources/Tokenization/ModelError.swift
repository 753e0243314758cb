import Foundation

/// A model, its file or its use is not as it must be; says what, where and what to do.
package struct ModelError: LocalizedError, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package var errorDescription: String? { description }
}
