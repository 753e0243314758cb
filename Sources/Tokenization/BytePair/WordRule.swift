/// A rule that cuts text into words; pieces never reach over a cut.
enum WordRule: Sendable {
  /// Between a character that is no space and a space.
  case beforeSpaces
  /// Before every space.
  case beforeEachSpace
  /// Around the matches of a regular expression.
  case pattern(WordPattern)

  /// Appends the ends of the words in `range` of `text`.
  func append(_ text: [UInt8], _ range: Range<Int>, to ends: inout [Int]) {
    switch self {
    case .beforeSpaces: appendSpaces(text, range, each: false, to: &ends)
    case .beforeEachSpace: appendSpaces(text, range, each: true, to: &ends)
    case .pattern(let pattern): pattern.append(text, range, to: &ends)
    }
  }

  private func appendSpaces(_ text: [UInt8], _ range: Range<Int>, each: Bool, to ends: inout [Int]) {
    let space = UInt8(ascii: " ")
    for index in range.dropFirst() where text[index] == space && (each || text[index - 1] != space) {
      ends.append(index)
    }
    ends.append(range.upperBound)
  }
}
