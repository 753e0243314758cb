import Episodes
import Runs

/// Encodes segments without their numbers as JSON, byte for byte as `StoredJSON` does. Most of a store's input is text,
/// and the general encoder took half of an insertion's time.
struct SegmentJSON {
  private var bytes: [UInt8] = []

  /// - Returns: a list of objects that hold the source, the text, the counts of its tokens and log-probabilities, and
  ///   `lastRead` if present.
  static func text(_ segments: ArraySlice<Segment>) -> String {
    var json = SegmentJSON()
    json.bytes.reserveCapacity(segments.reduce(2) { $0 + $1.text.utf8.count + $1.text.utf8.count / 16 + 80 })
    json.bytes.append(UInt8(ascii: "["))
    for segment in segments {
      if json.bytes.count > 1 { json.bytes.append(UInt8(ascii: ",")) }
      json.add(segment)
    }
    json.bytes.append(UInt8(ascii: "]"))
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private mutating func add(_ segment: Segment) {
    bytes.append(UInt8(ascii: "{"))
    if let read = segment.lastRead {
      bytes += "\"lastRead\":[\(read.map(String.init).joined(separator: ","))],".utf8
    }
    bytes += "\"logProbabilities\":\(segment.logProbabilities.count),\"source\":".utf8
    add(segment.source.rawValue)
    bytes += ",\"text\":".utf8
    add(segment.text)
    bytes += ",\"tokens\":\(segment.tokens.count)}".utf8
  }

  /// Appends a string with its quotes.
  private mutating func add(_ text: String) {
    var text = text
    bytes.append(.quote)
    text.withUTF8 { letters in
      var start = 0
      for (place, letter) in letters.enumerated() where letter < 0x20 || letter == .quote || letter == .backslash {
        bytes += letters[start..<place]
        escape(letter)
        start = place + 1
      }
      bytes += letters[start...]
    }
    bytes.append(.quote)
  }

  private mutating func escape(_ letter: UInt8) {
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
