import Foundation

/// Writing for people: results to standard output, everything else to standard error.
enum Console {
  /// A line of results.
  static func print(_ line: String = "") {
    write(line + "\n", to: .standardOutput)
  }

  /// A line about the work or about what went wrong.
  static func error(_ line: String) {
    write(line + "\n", to: .standardError)
  }

  /// Writes over the current line of the terminal.
  static func overwrite(_ line: String) {
    write("\r\u{1B}[K" + line, to: .standardError)
  }

  /// Whether standard error is a terminal, where a line can be written over.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Prints a value as JSON with sorted keys.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader that went away (`| head`) is no reason to fail.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
