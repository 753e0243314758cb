/// A piece of an answer, as its tags divide it.
///
/// Parsing never fails. A tag that is never closed runs to the end. A closing tag with nothing open, and an opening tag
/// inside another block, are plain text of the block that contains them.
package enum Block: Sendable, Hashable {
  case thought(String)
  case command(String)
  case output(String)
  case errorOutput(String)
  /// Text outside all tags, which the human sees.
  case message(String)

  /// Cuts `text` into blocks; `insideThought` states that a `<cot>` is already open.
  package static func parse(_ text: String, insideThought: Bool) -> [Block] {
    var blocks: [Block] = []
    var rest = Substring(text)
    var open: ProtocolTag? = insideThought ? .thought : nil
    // Where each tag opens next; a tag is searched again only when it is passed, so that many tags cost no more than one.
    var openings: [ProtocolTag: Range<Substring.Index>?] = [:]
    while !rest.isEmpty || open != nil {
      if let tag = open {
        let (inside, after) = rest.split(before: tag.closing)
        blocks.append(tag.block(String(inside)))
        rest = after
        open = nil
      } else {
        for tag in ProtocolTag.allCases {
          if let known = openings[tag], known.map({ $0.lowerBound >= rest.startIndex }) ?? true { continue }
          openings[tag] = .some(rest.firstRange(ofBytes: tag.opening))
        }
        let next = openings.compactMap { tag, range in range.map { (tag, $0) } }
          .min { $0.1.lowerBound < $1.1.lowerBound }
        let end = next?.1.lowerBound ?? rest.endIndex
        if rest.startIndex < end { blocks.append(.message(String(rest[..<end]))) }
        rest = next.map { rest[$0.1.upperBound...] } ?? ""
        open = next?.0
      }
    }
    return blocks
  }
}

extension ProtocolTag {
  fileprivate func block(_ text: String) -> Block {
    switch self {
    case .thought: .thought(text)
    case .command: .command(text)
    case .output: .output(text)
    case .errorOutput: .errorOutput(text)
    }
  }
}

extension Substring {
  /// Returns the text before the first `marker` and the text after it; if `marker` does not occur, the whole text and
  /// an empty one.
  fileprivate func split(before marker: String) -> (Substring, Substring) {
    guard let found = firstRange(ofBytes: marker) else { return (self, "") }
    return (self[..<found.lowerBound], self[found.upperBound...])
  }
}

extension Substring {
  /// Finds `marker` byte by byte. The search is fast on long outputs and ignores grapheme clusters that span a tag.
  package func firstRange(ofBytes marker: String) -> Range<Index>? {
    let pattern = Array(marker.utf8)
    var start = startIndex
    while let at = utf8[start...].firstIndex(of: pattern[0]) {
      if utf8[at...].starts(with: pattern) { return at..<utf8.index(at, offsetBy: pattern.count) }
      start = utf8.index(after: at)
    }
    return nil
  }
}
