internal import Foundation

/// A model could not be fetched, found, checked or removed; says what, where and what to do.
package struct HubError: LocalizedError, CustomStringConvertible, Equatable {
  package let description: String

  init(_ description: String) { self.description = description }

  package var errorDescription: String? { description }
}
