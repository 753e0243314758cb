import Episodes
import Runs

/// Encodes segments without their numbers as JSON, byte for byte as `StoredJSON` does. Most of a store's input is text,
/// see `JSONString`.
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
    JSONString.append(segment.source.rawValue, to: &bytes)
    bytes += ",\"text\":".utf8
    JSONString.append(segment.text, to: &bytes)
    bytes += ",\"tokens\":\(segment.tokens.count)}".utf8
  }
}
