import Foundation

/// Keys from standard input, one at a time: as they are pressed at a terminal, without line ends from a file or a pipe.
final class KeyInput {
  private let isTerminal = isatty(STDIN_FILENO) == 1

  /// The next key; `nil` at the end, and when Ctrl-C or Ctrl-D is pressed.
  func key() -> Character? {
    while let byte = isTerminal ? pressed() : next() {
      if byte == 3 || byte == 4 { return nil }
      let key = Character(UnicodeScalar(byte))
      if !key.isWhitespace { return key }
    }
    return nil
  }

  /// The rest of the line.
  func line() -> String? {
    var bytes: [UInt8] = []
    while let byte = next(), byte != UInt8(ascii: "\n") {
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func next() -> UInt8? {
    var byte: UInt8 = 0
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
  }

  /// One key without Enter. The terminal is as it was before and after, so that nothing which ends the program in between
  /// keys leaves it odd; while a key is awaited Ctrl-C comes as one.
  private func pressed() -> UInt8? {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return next() }
    var single = before
    single.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &single)
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    return next()
  }
}
