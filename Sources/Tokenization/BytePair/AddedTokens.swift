/// Tokens that are matched in the text as they stand, before anything is cut or merged: control tokens, and pieces that
/// the vocabulary's author wanted whole (Gemma's runs of line breaks and HTML tags). A trie over bytes.
struct AddedTokens: Sendable {
  /// A token, matched in the text.
  struct Token: Sendable {
    let id: Int32
    let content: [UInt8]
    /// Recognised only where all special tokens are; such a token is never made of ordinary text.
    let isControl: Bool
    /// Matched only where no letter, digit or `_` stands beside it.
    var isSingleWord = false
  }

  /// A found token and its place.
  struct Match {
    let range: Range<Int>
    let id: Int32
    let isControl: Bool
  }

  /// The child of a node by (node, byte). Node 0 is the root.
  private var children: IntegerTable
  /// The index of the token that ends at a node; -1: none.
  private var ends: [Int32] = [-1]
  private var tokens: [Token] = []
  /// Whether a token begins with this byte.
  private var begins = [Bool](repeating: false, count: 256)

  init(_ tokens: [Token]) {
    children = IntegerTable(capacity: tokens.reduce(0) { $0 + $1.content.count })
    for token in tokens where !token.content.isEmpty { insert(token) }
  }

  /// Texts to be found, with no ids of their own.
  init(text: [String]) {
    self.init(text.map { Token(id: -1, content: Array($0.utf8), isControl: false) })
  }

  /// The id of the token with this content.
  func id(of content: some Sequence<UInt8>) -> Int32? {
    var node: Int32 = 0
    for byte in content {
      guard let child = children[node, Int32(byte)] else { return nil }
      node = Int32(child)
    }
    return ends[Int(node)] < 0 ? nil : tokens[Int(ends[Int(node)])].id
  }

  /// Tokens in `text`, leftmost first and there the longest.
  ///
  /// - Parameter control: whether control tokens are recognised.
  func matches(in text: [UInt8], control: Bool) -> [Match] {
    var matches: [Match] = []
    var position = 0
    while position < text.count {
      if begins[Int(text[position])], let match = longest(in: text, at: position, control: control) {
        matches.append(match)
        position = match.range.upperBound
      } else {
        position += 1
      }
    }
    return matches
  }

  private func longest(in text: [UInt8], at start: Int, control: Bool) -> Match? {
    var (node, position): (Int32, Int) = (0, start)
    var found: Match?
    while position < text.count, let child = children[node, Int32(text[position])] {
      node = Int32(child)
      position += 1
      guard ends[Int(node)] >= 0 else { continue }
      let token = tokens[Int(ends[Int(node)])]
      if token.isControl && !control || token.isSingleWord && !isWord(text, start..<position) { continue }
      found = Match(range: start..<position, id: token.id, isControl: token.isControl)
    }
    return found
  }

  private func isWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    let before = text.lastScalar(before: range.lowerBound)
    let after = range.upperBound < text.count ? text.scalar(at: range.upperBound)?.value : nil
    return ![before, after].contains { $0.map(ScalarKind.isWordCharacter) ?? false }
  }

  private mutating func insert(_ token: Token) {
    begins[Int(token.content[0])] = true
    var node: Int32 = 0
    for byte in token.content {
      if let child = children[node, Int32(byte)] {
        node = Int32(child)
      } else {
        children.insert(IntegerTable.key(node, Int32(byte)), UInt64(ends.count))
        node = Int32(ends.count)
        ends.append(-1)
      }
    }
    ends[Int(node)] = Int32(tokens.count)
    tokens.append(token)
  }
}
