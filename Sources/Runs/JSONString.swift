/// Writes strings as JSON, byte for byte as `StoredJSON` does. Most of what is stored and exported is text, and the general
/// encoder took half of the time.
package enum JSONString {
  /// Appends a string with its quotes.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(.quote)
    text.withUTF8 { letters in
      var start = 0
      for (place, letter) in letters.enumerated() where letter < 0x20 || letter == .quote || letter == .backslash {
        bytes += letters[start..<place]
        escape(letter, to: &bytes)
        start = place + 1
      }
      bytes += letters[start...]
    }
    bytes.append(.quote)
  }

  private static func escape(_ letter: UInt8, to bytes: inout [UInt8]) {
    bytes.append(.backslash)
    switch letter {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case ..<0x10: bytes += "u000\(String(letter, radix: 16))".utf8
    case ..<0x20: bytes += "u00\(String(letter, radix: 16))".utf8
    default: bytes.append(letter)
    }
  }
}

extension UInt8 {
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let backslash = UInt8(ascii: "\\")
}
