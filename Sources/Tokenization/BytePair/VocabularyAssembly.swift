/// Puts the vocabulary of a `tokenizer.json` together: ids in order, each checked, then merges.
struct VocabularyAssembly {
  private struct Entry {
    let content: String
    let added: TokenizerFile.AddedToken?
  }

  private let file: TokenizerFile
  /// By id; `nil` where the file leaves a gap.
  private let entries: [Entry?]

  /// - Parameter limit: added tokens from this id on are left out.
  init(_ file: TokenizerFile, limit: Int?) throws {
    self.file = file
    guard case .object(let members) = file.model["vocab"] else { throw ModelError("its model has no vocab.") }
    let added = file.added.filter { $0.id < limit ?? .max }
    let count = members.count + added.count
    guard count <= VocabularyBuilder.limit else { throw ModelError("it has \(count) tokens.") }
    var entries: [Entry?] = Array(repeating: nil, count: members.count)
    func place(_ entry: Entry, _ id: Int?) throws {
      // Few gaps are usual, many are a mistake or an attack on memory.
      guard let id, (0..<2 * count).contains(id) else {
        throw ModelError("the token '\(entry.content)' has an id out of range: there are \(count) tokens.")
      }
      if id >= entries.count { entries += Array(repeating: nil, count: id + 1 - entries.count) }
      if let other = entries[id], entry.added == nil || other.added != nil || !other.content.hasSameBytes(entry.content)
      {
        throw ModelError("the tokens '\(other.content)' and '\(entry.content)' both have the id \(id).")
      }
      entries[id] = entry
    }
    for (content, id) in members { try place(Entry(content: content, added: nil), id.integer) }
    for token in added { try place(Entry(content: token.content, added: token), token.id) }
    self.entries = entries
  }

  func vocabulary() throws -> Vocabulary {
    var builder = VocabularyBuilder(isByteLevel: file.isByteLevel, capacity: entries.count)
    for entry in entries {
      try builder.append(entry?.content ?? "", kind(of: entry), swallowsSpace: entry?.added?.swallowsSpace ?? false)
    }
    var rules = file.rules
    if !file.isByteLevel && builder.keepsWordsApart { rules.cuts.append(.beforeSpaces) }
    guard rules.prefix == .never || builder.pieces.id(of: [UInt8(ascii: " ")]) != nil else {
      throw ModelError("text is to begin with a space, but there is no token '▁'.")
    }
    return Vocabulary(
      builder, merging: .ranked(try merges(builder)), rules: rules, unknown: try unknown(builder.names),
      fusesUnknown: file.model["fuse_unk"]?.bool ?? false)
  }

  private func kind(of entry: Entry?) -> VocabularyBuilder.Kind {
    guard let entry, !entry.content.isEmpty else { return .unused }
    if let added = entry.added {
      // Spaces are written so in pieces; a text that holds this character itself means something else.
      let isPiece = !file.isByteLevel && !added.isSpecial && added.content.unicodeScalars.contains("▁")
      return added.isSpecial ? .control : isPiece ? .piece : added.isSingleWord ? .word : .added
    }
    let spellsBytes = !file.isByteLevel && file.model["byte_fallback"]?.bool == true
    return spellsBytes && ByteAlphabet.byte(named: entry.content) != nil ? .byte : .piece
  }

  private func merges(_ builder: VocabularyBuilder) throws -> IntegerTable {
    guard let merges = file.model["merges"]?.array else { throw ModelError("its model has no merges.") }
    var table = MergeTable(builder, capacity: merges.count)
    for merge in merges {
      if let pair = merge.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string {
        try table.append(Array(left.utf8)[...], Array(right.utf8)[...])
      } else if let pair = merge.string {
        try table.append(pair)
      } else {
        throw ModelError("a merge that is not a pair.")
      }
    }
    return table.pairs
  }

  private func unknown(_ names: PieceTable) throws -> Int32? {
    guard let name = file.model["unk_token"]?.string else { return nil }
    guard let id = names.id(of: Array(name.utf8)[...]) else {
      throw ModelError("its unk_token '\(name)' is not a token.")
    }
    return id
  }
}

extension String {
  fileprivate func hasSameBytes(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
