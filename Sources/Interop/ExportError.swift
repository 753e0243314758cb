/// An export that cannot be made: what is wrong, where, what to do.
package struct ExportError: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
