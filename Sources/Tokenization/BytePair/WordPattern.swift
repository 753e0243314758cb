/// A regular expression that cuts text into words, matched by backtracking. It is written and read as the `tokenizers`
/// library does (Oniguruma's syntax), as far as word rules go: classes, groups, repetition, lookahead.
///
/// Text is scalars; a byte that is not UTF-8 is a character of its own that is in no category.
struct WordPattern: Sendable, Hashable {
  /// A step of a program; jumps are relative.
  enum Step: Sendable, Hashable {
    /// A character of the set with this index.
    case one(Int)
    /// As many of them as there are, and fewer when the rest fails.
    case run(Int, least: Int, most: Int)
    /// Goes on at the first; at the second when that fails.
    case split(Int, Int)
    case jump(Int)
    /// What the program with this index matches is, or is not, next.
    case look(Int, isPresent: Bool)
    /// What the program with this index matches first, and nothing else.
    case atomic(Int)
    case lineEnd, wordBoundary
  }

  let sets: [ScalarSet]
  /// The last one is the whole expression's.
  let programs: [[Step]]

  /// Appends the ends of the words in `range` of `text`: of every match, and of what stands between matches.
  func append(_ text: [UInt8], _ range: Range<Int>, to ends: inout [Int]) {
    let scalars = Scalars(text, range)
    var (start, position) = (0, 0)
    while position < scalars.values.count {
      guard let end = match(programs.count - 1, scalars.values, position) else {
        position += 1
        continue
      }
      if position > start { ends.append(scalars.offsets[position]) }
      if end > position { ends.append(scalars.offsets[end]) }
      start = end
      position = max(end, position + 1)
    }
    if start < scalars.values.count { ends.append(range.upperBound) }
  }

  /// The characters of a stretch of text, and where they begin; one offset more than there are characters.
  private struct Scalars {
    var values: [UInt32] = []
    var offsets: [Int] = []

    init(_ text: [UInt8], _ range: Range<Int>) {
      values.reserveCapacity(range.count)
      offsets.reserveCapacity(range.count + 1)
      var index = range.lowerBound
      while index < range.upperBound {
        let (value, length) = text.scalar(at: index) ?? (.max, 1)
        values.append(value)
        offsets.append(index)
        index += length
      }
      offsets.append(range.upperBound)
    }
  }

  /// Where to go on when a step fails: at any position down to `least`, the greatest first.
  private struct Choice {
    let step: Int
    var position: Int
    let least: Int
  }

  /// Where the first match at `start` ends.
  private func match(_ program: Int, _ text: [UInt32], _ start: Int) -> Int? {
    let steps = programs[program]
    var choices: [Choice] = []
    var (step, position) = (0, start)
    while step < steps.count {
      if let next = advance(steps[step], text, &position, step, &choices) {
        step += next
      } else {
        guard let choice = choices.popLast() else { return nil }
        (step, position) = (choice.step, choice.position)
        if position > choice.least {
          choices.append(Choice(step: step, position: position - 1, least: choice.least))
        }
      }
    }
    return position
  }

  /// Takes one step.
  ///
  /// - Returns: how many steps to go on; `nil` when the step fails.
  private func advance(
    _ step: Step, _ text: [UInt32], _ position: inout Int, _ index: Int, _ choices: inout [Choice]
  ) -> Int? {
    switch step {
    case .one(let set):
      guard position < text.count, sets[set].contains(text[position]) else { return nil }
      position += 1
    case .run(let set, let least, let most):
      let start = position
      while position < text.count, position - start < most, sets[set].contains(text[position]) { position += 1 }
      guard position - start >= least else { return nil }
      if position > start + least {
        choices.append(Choice(step: index + 1, position: position - 1, least: start + least))
      }
    case .split(let first, let second):
      choices.append(Choice(step: index + second, position: position, least: position))
      return first
    case .jump(let steps): return steps
    case .look(let program, let isPresent):
      if (match(program, text, position) != nil) != isPresent { return nil }
    case .atomic(let program):
      guard let end = match(program, text, position) else { return nil }
      position = end
    case .lineEnd:
      guard position == text.count || text[position] == 0x0A else { return nil }
    case .wordBoundary:
      if isWord(text, position - 1) == isWord(text, position) { return nil }
    }
    return 1
  }

  /// Whether a letter, digit or `_` stands there. Oniguruma does not count the two characters that join others.
  private func isWord(_ text: [UInt32], _ position: Int) -> Bool {
    guard text.indices.contains(position) else { return false }
    return ScalarKind.isWordCharacter(text[position]) && !(0x200C...0x200D).contains(text[position])
  }
}
