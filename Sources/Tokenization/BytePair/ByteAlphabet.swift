/// The two ways in which vocabularies write bytes as text.
enum ByteAlphabet {
  /// GPT-2's alphabet: printable Latin-1 characters stand for themselves, the other 68 bytes for U+0100 and up in order.
  private static let bytes: [UInt32: UInt8] = {
    let printable = Set(0x21...0x7E).union(0xA1...0xAC).union(0xAE...0xFF)
    let others = (0..<256).filter { !printable.contains($0) }
    let pairs = printable.map { (UInt32($0), UInt8($0)) } + others.enumerated().map { (0x100 + UInt32($0), UInt8($1)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }()

  /// The scalars of the alphabet are all below U+0144.
  private static let table: [UInt8?] = (0..<0x144).map { bytes[UInt32($0)] }

  /// The bytes that a piece of a byte-level vocabulary stands for; `nil` when a character is not of the alphabet.
  static func decode(_ piece: String) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(piece.utf8.count)
    for scalar in piece.unicodeScalars {
      guard scalar.value < table.count, let byte = table[Int(scalar.value)] else { return nil }
      decoded.append(byte)
    }
    return decoded
  }

  /// The byte that SentencePiece writes as `<0x0A>`; `nil` for any other piece.
  static func byte(named piece: String) -> UInt8? {
    guard piece.utf8.count == 6, piece.hasPrefix("<0x"), piece.hasSuffix(">") else { return nil }
    return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
  }
}
