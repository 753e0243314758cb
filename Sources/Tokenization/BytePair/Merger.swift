/// Cuts a word into pieces: neighbours are joined, best pair first, until no pair of the vocabulary is left. A linked list
/// of symbols and a heap of pairs make it n log n. Kept between words for its memory.
struct Merger {
  /// A run of the word's bytes; empty once its left neighbour has taken it in.
  private struct Symbol {
    let start: Int
    var length: Int
    /// -1 where the vocabulary has no such piece.
    var id: Int32
    var previous: Int
    /// -1: the last.
    var next: Int
  }

  private var symbols: [Symbol] = []
  private var pairs = PairHeap()

  /// Appends the tokens of the bytes `word` of `text`.
  mutating func append(
    _ text: [UInt8], _ word: Range<Int>, by vocabulary: Vocabulary, to tokens: inout [Int32]
  ) {
    let first = tokens.count
    start(text, word, vocabulary)
    for left in symbols.indices.dropLast() { push(left, text, vocabulary) }
    while let pair = pairs.pop() {
      let left = symbols[pair.left]
      // A pair is out of date when either side has grown or is gone; the sum of the lengths shows every such change.
      guard left.length > 0, left.next >= 0, left.length + symbols[left.next].length == pair.length else { continue }
      join(pair, text, vocabulary)
    }
    var index = symbols.isEmpty ? -1 : 0
    while index >= 0 {
      let symbol = symbols[index]
      if symbol.id >= 0 {
        tokens.append(symbol.id)
      } else {
        vocabulary.spell(text[symbol.start..<symbol.start + symbol.length], to: &tokens, from: first)
      }
      index = symbol.next
    }
  }

  private mutating func start(_ text: [UInt8], _ word: Range<Int>, _ vocabulary: Vocabulary) {
    symbols.removeAll(keepingCapacity: true)
    var position = word.lowerBound
    while position < word.upperBound {
      let length = vocabulary.isByteLevel ? 1 : text.scalar(at: position)?.length ?? 1
      let bytes = text[position..<position + length]
      let id = vocabulary.symbol(bytes)
      // What nothing stands for is left out before merging, as the reference does.
      if id >= 0 || vocabulary.spells(bytes) {
        let index = symbols.count
        symbols.append(Symbol(start: position, length: length, id: id, previous: index - 1, next: index + 1))
      }
      position += length
    }
    if !symbols.isEmpty { symbols[symbols.count - 1].next = -1 }
  }

  private mutating func join(_ pair: PairHeap.Pair, _ text: [UInt8], _ vocabulary: Vocabulary) {
    let right = symbols[pair.left].next
    symbols[pair.left].length = pair.length
    symbols[pair.left].id = pair.id
    symbols[pair.left].next = symbols[right].next
    symbols[right].length = 0
    let (previous, next) = (symbols[pair.left].previous, symbols[right].next)
    if next >= 0 {
      symbols[next].previous = pair.left
      push(pair.left, text, vocabulary)
    }
    if previous >= 0 { push(previous, text, vocabulary) }
  }

  /// Puts the symbol and its right neighbour on the heap when the vocabulary joins them.
  private mutating func push(_ index: Int, _ text: [UInt8], _ vocabulary: Vocabulary) {
    let left = symbols[index]
    let right = symbols[left.next]
    let length = left.length + right.length
    let found: (priority: UInt32, id: Int32)?
    switch vocabulary.merging {
    case .ranked(let table):
      guard left.id >= 0, right.id >= 0, let value = table[left.id, right.id] else { return }
      found = (UInt32(value >> 32), Int32(truncatingIfNeeded: value))
    case .scored(let order):
      found = vocabulary.pieces.id(of: text[left.start..<left.start + length]).map { (order[Int($0)], $0) }
    }
    guard let (priority, id) = found else { return }
    pairs.push(PairHeap.Pair(key: UInt64(priority) << 32 | UInt64(index), length: length, id: id))
  }
}

/// Pairs of neighbours, best first: the least priority, and of equal ones the leftmost.
private struct PairHeap {
  struct Pair {
    /// The priority and the index of the left symbol.
    let key: UInt64
    /// Of both sides, in bytes.
    let length: Int
    /// What they become.
    let id: Int32

    var left: Int { Int(key & 0xFFFF_FFFF) }
  }

  private var pairs: [Pair] = []

  mutating func push(_ pair: Pair) {
    var child = pairs.count
    pairs.append(pair)
    while child > 0, case let parent = (child - 1) / 2, pairs[parent].key > pair.key {
      pairs[child] = pairs[parent]
      child = parent
    }
    pairs[child] = pair
  }

  mutating func pop() -> Pair? {
    guard let best = pairs.first, let moved = pairs.popLast() else { return nil }
    if pairs.isEmpty { return best }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= pairs.count { break }
      if child + 1 < pairs.count, pairs[child + 1].key < pairs[child].key { child += 1 }
      if pairs[child].key >= moved.key { break }
      pairs[parent] = pairs[child]
      parent = child
    }
    pairs[parent] = moved
    return best
  }
}
