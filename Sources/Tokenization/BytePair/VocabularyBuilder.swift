/// Puts a vocabulary together from checked entries, whichever file they come from.
struct VocabularyBuilder {
  /// What an id is.
  enum Kind: Sendable {
    /// A piece that merging makes.
    case piece
    /// Matched in the text as it stands.
    case added
    /// Matched as it stands where no letter, digit or `_` is beside it.
    case word
    /// Matched only where control tokens are recognised.
    case control
    /// A byte.
    case byte
    /// Nothing that is ever encoded.
    case unused
  }

  /// How large a vocabulary may be; real ones stay below 2^19.
  static let limit = 1 << 22
  /// How many bytes the tokens may have that are matched in the text; real ones stay below 2^18.
  private static let addedLimit = 1 << 22

  let isByteLevel: Bool
  private(set) var pieces: PieceTable
  /// Ids by the names that the file gives them.
  private(set) var names: PieceTable
  private(set) var added: [AddedTokens.Token] = []
  private var addedBytes = 0
  private(set) var byteIDs = [Int32](repeating: -1, count: 256)
  /// The kind by id.
  private(set) var kinds: [Kind] = []
  /// Control tokens behind which a dialogue's white space is left out.
  private(set) var swallowing: Set<Int32> = []

  init(isByteLevel: Bool, capacity: Int) {
    self.isByteLevel = isByteLevel
    pieces = PieceTable(capacity: capacity)
    names = PieceTable(capacity: capacity)
    kinds.reserveCapacity(capacity)
  }

  /// Appends the entry of the next id, as its file writes it.
  ///
  /// - Throws: a `ModelError` when another id has the same name, or a byte is none.
  mutating func append(_ piece: String, _ kind: Kind, swallowsSpace: Bool = false) throws {
    let id = Int32(pieces.count)
    if swallowsSpace { swallowing.insert(id) }
    // A mark of a chat format is control whatever the file says: text must not forge it.
    let kind = kind != .unused && ChatFormat.allMarks.contains(piece) ? .control : kind
    guard names.append(piece.utf8, findable: !piece.isEmpty) else {
      throw ModelError("the token '\(piece)' (\(id)) is in the vocabulary twice.")
    }
    kinds.append(kind)
    switch kind {
    case .piece: appendPiece(piece)
    case .added, .word, .control:
      let content = Array(piece.utf8)
      addedBytes += content.count
      guard addedBytes <= Self.addedLimit else {
        throw ModelError("its added tokens are longer than \(Self.addedLimit) bytes.")
      }
      pieces.append(content, findable: false)
      added.append(.init(id: id, content: content, isControl: kind == .control, isSingleWord: kind == .word))
    case .byte:
      guard let byte = ByteAlphabet.byte(named: piece) else {
        throw ModelError("token \(id), '\(piece)', is said to be a byte but not written as one, such as <0x0A>.")
      }
      guard byteIDs[Int(byte)] < 0 else { throw ModelError("token \(id), '\(piece)', is a byte that is there twice.") }
      byteIDs[Int(byte)] = id
      pieces.append([byte], findable: false)
    case .unused: pieces.append([], findable: false)
    }
  }

  private mutating func appendPiece(_ piece: String) {
    let decoded = isByteLevel ? ByteAlphabet.decode(piece) : piece.utf8.contains(UInt8(ascii: " ")) ? nil : piece.spaced
    if isByteLevel, let decoded, decoded.count == 1 { byteIDs[Int(decoded[0])] = Int32(pieces.count) }
    // No text makes a piece of other characters (or, where spaces are written `▁`, with a space): it is only decoded.
    let isReachable = decoded.map { !$0.isEmpty } ?? false
    pieces.append(decoded ?? Array(piece.utf8), findable: isReachable)
  }

  /// Whether no piece reaches from a character that is no space over a space: then text may be cut there.
  var keepsWordsApart: Bool {
    let space = UInt8(ascii: " ")
    return !kinds.indices.contains { id in
      guard kinds[id] == .piece else { return false }
      let piece = pieces[Int32(id)]
      return zip(piece, piece.dropFirst()).contains { $0 != space && $1 == space }
    }
  }
}

extension String {
  /// The bytes of a SentencePiece piece: `▁` is a space.
  fileprivate var spaced: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for byte in utf8 {
      bytes.append(byte)
      if byte == 0x81, bytes.suffix(3) == [0xE2, 0x96, 0x81] {
        bytes.replaceSubrange(bytes.count - 3..<bytes.count, with: [0x20])
      }
    }
    return bytes
  }
}
