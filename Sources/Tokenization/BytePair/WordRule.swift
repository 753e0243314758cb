/// A rule that cuts text into words; pieces never reach over a cut.
enum WordRule: Sendable, Hashable {
  /// Between a character that is no space and a space.
  case beforeSpaces
  /// Before every space.
  case beforeEachSpace

  /// Appends the ends of the words in `range` of `text`.
  func append(_ text: [UInt8], _ range: Range<Int>, to ends: inout [Int]) {
    let space = UInt8(ascii: " ")
    switch self {
    case .beforeSpaces, .beforeEachSpace:
      for index in range.dropFirst() where text[index] == space {
        if self == .beforeEachSpace || text[index - 1] != space { ends.append(index) }
      }
      ends.append(range.upperBound)
    }
  }
}
