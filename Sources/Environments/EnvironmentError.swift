import Episodes
import Foundation

/// Something wrong with an environment's data or with what was asked of it: one sentence that says what, where and what to do.
package struct EnvironmentError: Error, LocalizedError, CustomStringConvertible, Sendable, Hashable {
  /// The file, `nil` where no single file is at fault.
  package var file: String?
  /// Counted from 1.
  package var line: Int?
  package var message: String

  package init(_ message: String, file: String? = nil, line: Int? = nil) {
    self.message = message
    self.file = file
    self.line = line
  }

  package var description: String {
    let place = file.map { $0 + (line.map { ":\($0)" } ?? "") + ": " } ?? ""
    return place + message
  }

  package var errorDescription: String? { description }
}

extension EnvironmentError {
  static func noVariant(_ variant: Int, of name: String, count: Int) -> EnvironmentError {
    EnvironmentError("the environment \(name) has no variant \(variant); they are numbered 0 to \(count - 1)")
  }

  static func noArm(_ arm: Arm, of name: String, known: [Arm]) -> EnvironmentError {
    let names = known.map(\.rawValue).joined(separator: ", ")
    return EnvironmentError("the environment \(name) has no arm `\(arm.rawValue)`; it has \(names)")
  }
}
