import Foundation
import Synchronization

/// Writing for people: results to standard output, everything else to standard error.
enum Console {
  /// A line of results.
  static func print(_ line: String = "") {
    write(line + "\n", to: .standardOutput)
  }

  /// Results as bytes, for example a table that goes on.
  static func print(bytes: [UInt8]) { write(bytes, to: .standardOutput) }

  /// A line about the work or about what went wrong. It takes the place of a line that is written over.
  static func error(_ line: String) {
    let start = isOverwriting.exchange(false, ordering: .relaxed) ? clearLine : ""
    write(start + line + "\n", to: .standardError)
  }

  /// A question to the person at the terminal, who answers on the same line.
  static func ask(_ question: String) { write(question, to: .standardError) }

  /// Writes over the current line of the terminal.
  static func overwrite(_ line: String) {
    isOverwriting.store(!line.isEmpty, ordering: .relaxed)
    write(clearLine + line, to: .standardError)
  }

  private static let isOverwriting = Atomic(false)
  private static let clearLine = "\r\u{1B}[K"

  /// Whether standard error is a terminal, where a line can be written over.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Whether standard output shows colour and bold letters (https://no-color.org).
  static let hasColour =
    isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Prints a value as JSON with sorted keys.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Writes all of a text. When standard output cannot take it, the results are not where the user sent them, and the
  /// process ends with status 1; without a word when the reader went away (`| head`).
  private static func write(_ text: String, to handle: FileHandle) { write(Array(text.utf8), to: handle) }

  private static func write(_ bytes: [UInt8], to handle: FileHandle) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(handle.fileDescriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        // A pipe that does not block: its reader is slow.
        usleep(1_000)
      } else if errno != EINTR {
        let reason = errno
        if handle !== FileHandle.standardOutput { return }
        if reason != EPIPE { error("Error: standard output cannot be written: \(String(cString: strerror(reason))).") }
        Foundation.exit(EXIT_FAILURE)
      }
    }
  }
}
