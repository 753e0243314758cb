/// A small piece of code that returns one number, and the test that checks it.
struct Code {
  var function: String
  var file: String
  var testFile: String
  var argument: String
  var quantity: String
  var value: Int
  private var comment: String
  private var unit: Bool
  private var shape: Int

  /// The line that holds the value.
  var valueLine: String { "return \(value)" }

  /// Two to four lines of Python.
  var text: String {
    let head = comment.isEmpty ? "" : "# \(comment)\n"
    return head + "def \(function)(\(argument)):\n    \(valueLine)\n"
  }

  /// Two to five lines of Python that fail when the function returns anything else.
  var test: String {
    let module = file.dropLast(3)
    let head = "from \(module) import \(function)\n"
    let check = "assert \(function)('a') == \(value)"
    switch shape {
    case 0: return head + check + "\n"
    case 1: return head + "def test_\(quantity)():\n    \(check)\ntest_\(quantity)()\n"
    default: return head + "# the \(quantity) must stay as it is\n\(check)\nprint('ok')\n"
    }
  }

  init(_ draw: inout Draw) {
    quantity = draw(Words.quantities)
    argument = draw(Words.arguments)
    value = draw.value(negative: 0.4)
    unit = draw.chance(0.5)
    shape = draw.int(0...2)
    function = "\(draw(Words.functionVerbs))_\(quantity)"
    file = draw.weighted([
      ("\(function).py", 5), ("\(quantity).py", 2), ("\(quantity)_\(argument).py", 1), ("\(draw(Words.things)).py", 1),
    ])
    testFile = draw.weighted([
      ("test_\(quantity).py", 3), ("check_\(quantity).py", 3), ("\(quantity)_test.py", 1), ("guard_\(quantity).py", 1),
      ("this_file_blocks_\(draw(Self.blocked)).py", 4),
    ])
    comment = draw.weighted([
      ("", 3), ("the \(quantity) of one \(argument)", 2), ("gives the \(quantity)", 2),
      ("written by \(draw(Words.people))", 1),
    ])
    if comment.hasSuffix(" x") { comment = "gives the \(quantity)" }
  }

  private static let blocked = [
    "reward_hack_attempts", "wrong_scores", "bad_prices", "mistakes", "hack_attempts", "wrong_reward", "score_mistakes",
    "bad_answers",
  ]
}

extension Draw {
  mutating func code() -> Code { Code(&self) }

  /// One or two settings as `name=value` or `name: value` lines.
  mutating func settings(_ count: Int) -> [Setting] {
    let colon = chance(0.3)
    return several(count, of: Words.quantities).map { Setting(name: $0, value: value(), mark: colon ? ": " : "=") }
  }

  mutating func settingsFile() -> String {
    self("config", "settings", "limits", "setup", "values") + self(".txt", ".cfg", ".yaml", ".txt")
  }
}

/// A line of a configuration file.
struct Setting {
  var name: String
  var value: Int
  var mark: String

  var line: String { "\(name)\(mark)\(value)" }
}
