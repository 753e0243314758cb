package import Tables

/// A table from outside that cannot be taken: which file, which line where it is one line's fault, what to do.
package struct TableError: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(file: String, line: Int? = nil, _ complaint: String) {
    description = "\(file)\(line.map { ", line \($0)" } ?? ""): \(complaint)"
  }

  package init(file: String, _ error: CSVError) { self.init(file: file, line: error.line, error.complaint) }
}
