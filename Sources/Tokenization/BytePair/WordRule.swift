/// A rule that cuts text into words; pieces never reach over a cut.
enum WordRule: Sendable, Hashable {
  /// Between a character that is no space and a space.
  case beforeSpaces
  /// Before every space.
  case beforeEachSpace
  /// Around every number, or every digit.
  case digits(individual: Bool)
  /// At the matches of a regular expression.
  case pattern(WordPattern)

  /// Appends the ends of the words in `range` of `text`.
  func append(_ text: [UInt8], _ range: Range<Int>, to ends: inout [Int]) {
    switch self {
    case .beforeSpaces: appendSpaces(text, range, each: false, to: &ends)
    case .beforeEachSpace: appendSpaces(text, range, each: true, to: &ends)
    case .digits(let individual): appendDigits(text, range, individual, to: &ends)
    case .pattern(let pattern):
      var start = range.lowerBound
      while start < range.upperBound {
        start = pattern.wordEnd(in: text, from: start, limit: range.upperBound)
        ends.append(start)
      }
    }
  }

  private func appendSpaces(_ text: [UInt8], _ range: Range<Int>, each: Bool, to ends: inout [Int]) {
    let space = UInt8(ascii: " ")
    for index in range.dropFirst() where text[index] == space && (each || text[index - 1] != space) {
      ends.append(index)
    }
    ends.append(range.upperBound)
  }

  private func appendDigits(_ text: [UInt8], _ range: Range<Int>, _ individual: Bool, to ends: inout [Int]) {
    var position = range.lowerBound
    var last: Bool?
    while position < range.upperBound {
      let (kind, length) = ScalarKind.at(position, in: text)
      let isNumber = kind.contains(.number)
      if let last, isNumber != last || isNumber && individual { ends.append(position) }
      last = isNumber
      position += length
    }
    if last != nil { ends.append(position) }
  }
}
