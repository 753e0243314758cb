import Episodes
import Foundation

/// A sampled answer of the release cut into what the policy wrote and what the environment put in behind its commands.
enum ResponseText {
  /// A `<stdout>` or `<stderr>` block is the environment's where it follows a `</bash>` or another such block, with nothing
  /// but white space between; anywhere else the policy wrote it itself.
  static func segments(_ response: String) -> [Segment] {
    var segments: [Segment] = []
    var (rest, policy) = (Substring(response), "")
    while let command = rest.range(after: "</bash>") {
      policy += rest[..<command]
      rest = rest[command...]
      while let end = rest.endOfOutput {
        if !policy.isEmpty { segments.append(Segment(.policy, policy)) }
        policy = ""
        segments.append(Segment(.tool, String(rest[..<end])))
        rest = rest[end...]
      }
    }
    policy += rest
    if !policy.isEmpty || segments.isEmpty { segments.append(Segment(.policy, policy)) }
    return segments
  }
}

extension Substring {
  /// Where the first `marker` ends, a tag. Byte-wise: answers are long, and most bytes are no `<`.
  fileprivate func range(after marker: StaticString) -> Index? {
    let start = startIndex
    let size = marker.utf8CodeUnitCount
    let offset: Int? =
      utf8.withContiguousStorageIfAvailable { bytes -> Int? in
        guard let base = bytes.baseAddress else { return nil }
        var place = 0
        while place + size <= bytes.count,
          let found = memchr(base + place, Int32(UInt8(ascii: "<")), bytes.count - place)
        {
          place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
          if place + size <= bytes.count, memcmp(found, marker.utf8Start, size) == 0 { return place + size }
          place += 1
        }
        return nil
      } ?? nil
    return offset.map { utf8.index(start, offsetBy: $0) }
  }

  /// Where an output block ends that begins here, behind white space; `nil` when none does. One that is never closed ends
  /// with the text.
  fileprivate var endOfOutput: Index? {
    let body = drop { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }
    let closing: StaticString
    if body.utf8.starts(with: ProtocolTag.output.opening.utf8) {
      closing = "</stdout>"
    } else if body.utf8.starts(with: ProtocolTag.errorOutput.opening.utf8) {
      closing = "</stderr>"
    } else {
      return nil
    }
    guard let end = body.range(after: closing) else { return endIndex }
    return self[end...].utf8.first == UInt8(ascii: "\n") ? utf8.index(after: end) : end
  }
}
