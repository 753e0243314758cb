/// What regular expressions ask of a Unicode scalar: its general category, and whether it is white space.
struct ScalarKind: OptionSet, Sendable, Hashable {
  let rawValue: UInt32

  /// `\p{L}`
  static let letter = categories("L")
  /// `\p{N}`
  static let number = categories("N")
  /// `\p{M}`
  static let mark = categories("M")
  /// `\d`
  static let digit = categories("Nd")
  /// `\s`
  static let space = Self(rawValue: 1 << 30)

  /// The names of the general categories, by bit.
  private static let names = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  /// The categories whose names begin with `name` (`L`, `Lu`); none for a name that there is not.
  static func categories(_ name: String) -> Self {
    names.indices.filter { names[$0].hasPrefix(name) }.reduce(into: []) { $0.insert(Self(rawValue: 1 << UInt32($1))) }
  }

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The kind of a Unicode scalar; none for numbers that are no scalar.
  init(_ value: UInt32) {
    self = value < 0x1_0000 ? Self.basic[Int(value)] : Self(looking: value)
  }

  /// The kinds of the basic plane, looked up once: properties cost 20 times as much as this table.
  private static let basic: [ScalarKind] = (0..<0x1_0000).map { ScalarKind(looking: $0) }

  private init(looking value: UInt32) {
    self = []
    guard let scalar = Unicode.Scalar(value) else { return }
    insert(Self(rawValue: 1 << UInt32(Self.bit(scalar.properties.generalCategory))))
    if scalar.properties.isWhitespace { insert(.space) }
  }

  /// The place in `names`.
  private static func bit(_ category: Unicode.GeneralCategory) -> Int {
    let order: [Unicode.GeneralCategory] = [
      .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
      .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation,
      .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator, .lineSeparator,
      .paragraphSeparator, .control, .format, .surrogate, .privateUse,
    ]
    return order.firstIndex(of: category) ?? order.count
  }

  /// Whether the scalar is of one of these kinds.
  func isIn(_ kinds: ScalarKind) -> Bool { rawValue & kinds.rawValue != 0 }

  /// The kind and the length in bytes of the character at `index`; a byte that is not UTF-8 is of no kind.
  static func at(_ index: Int, in text: [UInt8]) -> (kind: ScalarKind, length: Int) {
    guard let (value, length) = text.scalar(at: index) else { return ([], 1) }
    return (ScalarKind(value), length)
  }

  /// `\w`
  static func isWordCharacter(_ value: UInt32) -> Bool {
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    let isConnected = [.decimalNumber, .connectorPunctuation].contains(properties.generalCategory)
    return properties.isAlphabetic || properties.isJoinControl || isConnected || ScalarKind(value).isIn(.mark)
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
