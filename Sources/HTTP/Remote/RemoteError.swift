import Foundation

/// Why a server's answer cannot be had, in one sentence that says what, where, and what to do.
package struct RemoteError: LocalizedError, CustomStringConvertible, Sendable {
  /// What went wrong, for callers that treat faults differently.
  package enum Kind: Sendable, Hashable {
    /// A setting cannot be, or the key is missing.
    case settings
    /// The server refused with this status.
    case refused(status: Int)
    /// There was no connection, or it broke before the answer was whole.
    case unreachable
    /// The answer took longer than it may.
    case late
    /// The answer is not what was asked for.
    case malformed
  }

  package let kind: Kind
  package let description: String
  package var errorDescription: String? { description }

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
