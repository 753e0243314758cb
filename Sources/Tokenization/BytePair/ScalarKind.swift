/// What the rules that cut text into words ask of a Unicode scalar.
struct ScalarKind: OptionSet, Sendable {
  let rawValue: UInt8

  /// `\p{L}`
  static let letter = Self(rawValue: 1)
  /// `\p{N}`
  static let number = Self(rawValue: 2)
  /// `\s`
  static let space = Self(rawValue: 4)
  /// `[\r\n]`; also a space.
  static let lineBreak = Self(rawValue: 8)
  /// `\p{M}`
  static let mark = Self(rawValue: 16)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The kind of a Unicode scalar; none for numbers that are no scalar.
  init(_ value: UInt32) {
    self = value < 0x1_0000 ? Self.basic[Int(value)] : Self(looking: value)
  }

  /// The kinds of the basic plane, looked up once: properties cost 20 times as much as this table.
  private static let basic: [ScalarKind] = (0..<0x1_0000).map { ScalarKind(looking: $0) }

  private init(looking value: UInt32) {
    self = []
    guard let scalar = Unicode.Scalar(value) else { return }
    if scalar.properties.isWhitespace { insert(.space) }
    if scalar == "\r" || scalar == "\n" { insert(.lineBreak) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: insert(.letter)
    case .decimalNumber, .letterNumber, .otherNumber: insert(.number)
    case .nonspacingMark, .spacingMark, .enclosingMark: insert(.mark)
    default: break
    }
  }

  /// The kind and the length in bytes of the character at `index`; a byte that is not UTF-8 is of no kind.
  static func at(_ index: Int, in text: [UInt8]) -> (kind: ScalarKind, length: Int) {
    guard let (value, length) = text.scalar(at: index) else { return ([], 1) }
    return (ScalarKind(value), length)
  }

  /// `\w`
  static func isWordCharacter(_ value: UInt32) -> Bool {
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    let isConnected = [.decimalNumber, .connectorPunctuation].contains(properties.generalCategory)
    return properties.isAlphabetic || properties.isJoinControl || isConnected || ScalarKind(value).contains(.mark)
  }
}

extension [UInt8] {
  /// The Unicode scalar at `index` and its length in bytes; `nil` when the bytes there are not UTF-8.
  func scalar(at index: Int) -> (value: UInt32, length: Int)? {
    let first = self[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(first), index + length <= count else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard self[index + offset] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(self[index + offset] & 0x3F)
    }
    let least: UInt32 = length == 4 ? 0x1_0000 : length == 3 ? 0x800 : 0x80
    return value >= least && Unicode.Scalar(value) != nil ? (value, length) : nil
  }

  /// The Unicode scalar that ends before `index`; `nil` when there is none or it is not UTF-8.
  func lastScalar(before index: Int) -> UInt32? {
    for length in 1...4 where index >= length {
      if let (value, found) = scalar(at: index - length), found == length { return value }
    }
    return nil
  }
}
