internal import CMLX

/// Texts that a decoder has read or is to read, as a tree over pages of tokens: where a new text begins like one of them, it
/// takes over the keys and values of their common pages.
///
/// Texts that no row uses stay until their memory is needed; the one that was used longest ago goes first. Nothing here
/// changes a result: keys and values of a token are the same, bit for bit, whoever read it.
final class PrefixTree {
  private static let pageLength = Int(CMLX_PAGE_LENGTH)

  private final class Node {
    var children: [ArraySlice<Int32>: Node] = [:]
    /// The texts whose last full page this is.
    var texts: [SharedPrefix] = []

    /// Some text that begins with this node's pages.
    var anyText: SharedPrefix? { texts.last ?? children.values.first?.anyText }
  }

  private let root = Node()
  private var known: [[Int32]: SharedPrefix] = [:]
  private var unused: [ObjectIdentifier: SharedPrefix] = [:]
  private var clock = 0

  /// The text of these tokens for one more row: a known one, or a new one that begins where the most similar one ends.
  ///
  /// - Parameters:
  ///   - beginning: a text that the tokens are known to begin with.
  ///   - empty: makes the cache of a text that nothing has been read of.
  func take(_ tokens: [Int32], after beginning: SharedPrefix? = nil, empty: () -> DecoderCache) -> SharedPrefix {
    let text =
      known[tokens]
      ?? insert(
        SharedPrefix(tokens: tokens, cache: empty(), continuing: source(of: tokens, after: beginning)))
    text.users += 1
    unused[ObjectIdentifier(text)] = nil
    return text
  }

  /// A row does not need the text any more.
  func release(_ text: SharedPrefix) {
    text.users -= 1
    if text.users == 0 { retire(text) }
  }

  /// Keeps what a closed row has read.
  func keep(_ cache: DecoderCache) {
    let tokens = cache.tokens
    guard tokens.count >= Self.pageLength, known[tokens] == nil else { return }
    retire(insert(SharedPrefix(tokens: tokens, cache: cache, continuing: nil)))
  }

  /// Forgets unused texts until `isEnough`.
  func forget(until isEnough: () -> Bool) {
    while !unused.isEmpty, !isEnough() {
      guard let oldest = unused.values.min(by: { $0.lastUse < $1.lastUse }) else { return }
      remove(oldest)
    }
  }

  private func retire(_ text: SharedPrefix) {
    clock += 1
    text.lastUse = clock
    unused[ObjectIdentifier(text)] = text
  }

  private static func pages(_ tokens: [Int32]) -> [ArraySlice<Int32>] {
    stride(from: 0, through: tokens.count - pageLength, by: pageLength).map { tokens[$0..<$0 + pageLength] }
  }

  private func source(of tokens: [Int32], after beginning: SharedPrefix?) -> (text: SharedPrefix, length: Int)? {
    var (node, length) = (root, 0)
    for page in Self.pages(tokens) {
      guard let next = node.children[page] else { break }
      node = next
      length += Self.pageLength
    }
    if let beginning, beginning.tokens.count >= length { return (beginning, beginning.tokens.count) }
    guard length > 0, let text = node.anyText else { return nil }
    return (text, length)
  }

  private func insert(_ text: SharedPrefix) -> SharedPrefix {
    known[text.tokens] = text
    var node = root
    for page in Self.pages(text.tokens) {
      let next = node.children[page] ?? Node()
      node.children[page] = next
      node = next
    }
    node.texts.append(text)
    return text
  }

  private func remove(_ text: SharedPrefix) {
    known[text.tokens] = nil
    unused[ObjectIdentifier(text)] = nil
    let pages = Self.pages(text.tokens)
    var path = [root]
    for page in pages {
      guard let next = path[path.count - 1].children[page] else { return }
      path.append(next)
    }
    path[path.count - 1].texts.removeAll { $0 === text }
    for depth in pages.indices.reversed() where path[depth + 1].texts.isEmpty && path[depth + 1].children.isEmpty {
      path[depth].children[pages[depth]] = nil
    }
  }
}

/// A text that rows begin with, such as a prompt but for its last token; it is read once for all of them.
final class SharedPrefix {
  let tokens: [Int32]
  private(set) var cache: DecoderCache
  /// The text whose first tokens this one takes over, once they have been read.
  private var source: (text: SharedPrefix, length: Int)?
  var users = 0
  var lastUse = 0

  init(tokens: [Int32], cache: DecoderCache, continuing source: (text: SharedPrefix, length: Int)?) {
    self.tokens = tokens
    self.cache = cache
    self.source = source
    takeOver()
  }

  var isRead: Bool { cache.length == tokens.count }

  /// What has to be read next for this text: itself, or the one whose beginning it waits for.
  var nextToRead: SharedPrefix {
    takeOver()
    return source?.text.nextToRead ?? self
  }

  /// Takes over the source's tokens if they have been read.
  private func takeOver() {
    guard let source, source.text.cache.length >= source.length else { return }
    cache = source.text.cache.fork(length: source.length)
    self.source = nil
  }
}
