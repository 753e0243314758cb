/// Reads the pairs that a ranked vocabulary joins.
struct MergeTable {
  private let builder: VocabularyBuilder
  private(set) var pairs: IntegerTable
  private var rank: UInt64 = 0

  init(_ builder: VocabularyBuilder, capacity: Int) {
    self.builder = builder
    pairs = IntegerTable(capacity: capacity)
  }

  /// Adds the next best pair, as the file writes it: `left right`.
  ///
  /// - Throws: a `ModelError` when it is no pair of pieces, makes none, or came before.
  mutating func append(_ merge: String) throws {
    let bytes = Array(merge.utf8)
    guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else {
      throw ModelError("merge \(rank), '\(merge)', is not two pieces with a space between them.")
    }
    try append(bytes[..<space], bytes[(space + 1)...])
  }

  /// Adds the next best pair.
  ///
  /// - Throws: as above.
  mutating func append(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) throws {
    let names = builder.names
    guard let leftID = names.id(of: left), let rightID = names.id(of: right), let made = names.id(of: left + right)
    else {
      let pair = [left, right].map { String(decoding: $0, as: UTF8.self) }
      throw ModelError("merge \(rank), '\(pair[0])' + '\(pair[1])', is of pieces or makes one that are not tokens.")
    }
    guard builder.kinds[Int(made)] != .word else {
      throw ModelError("merge \(rank) makes a token that is matched as a single word (single_word).")
    }
    // Tokens that are matched in the text are made in no other way.
    if builder.kinds[Int(made)] == .piece {
      guard pairs.insert(IntegerTable.key(leftID, rightID), rank << 32 | UInt64(made)) else {
        throw ModelError("merge \(rank) appears twice in the list.")
      }
    }
    rank += 1
  }
}
