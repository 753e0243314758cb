/// A small piece of code that returns one number, and the test that checks it.
struct Code {
  let quantity: String
  let function: String
  let file: String
  let testFile: String
  private let arguments: [String]
  private let call: String
  private let quoted: String
  private let comment: String
  private let shape: Int
  private let isTyped: Bool
  var value: Int

  /// Two or three lines of Python.
  var text: String { "\(comment)\(head)\n    return \(value)\n" }

  /// The first line of the function.
  var head: String {
    "def \(function)(\(arguments.map { $0 + (isTyped ? ": str" : "") }.joined(separator: ", ")))\(isTyped ? " -> float" : ""):"
  }

  /// Two to twelve lines of Python that fail when the function returns anything else. The number stands there once.
  var test: String {
    let start = "from \(file.dropLast(3)) import \(function)\n"
    switch shape {
    case 0: return start + "assert \(call) == \(value)\n"
    case 1: return start + "\ndef test_\(quantity)():\n    assert \(call) == \(value)\n"
    case 2: return start + "\nexpected = \(value)\nassert \(call) == expected\n"
    case 3: return start + "# the \(quantity) must stay as it is\nassert \(call) == \(value)\nprint(\"ok\")\n"
    case 4:
      // A named input, and the value again in the message.
      let input = arguments[0]
      let call = "\(function)(\(arguments.map { _ in input }.joined(separator: ", ")))"
      return start + "\n\ndef test_\(quantity)():\n    \(input) = \(quoted)\n    assert \(call) == \(value), \(call)\n"
        + (isTyped ? "\n\nif __name__ == '__main__':\n    test_\(quantity)()\n" : "")
    default:
      return "import unittest\n" + start + "\n\nclass Test\(quantity.capitalizedFirst)(unittest.TestCase):\n"
        + "    def test_\(quantity)(self):\n        self.assertEqual(\(call), \(value))\n"
    }
  }

  /// Two or three lines of Python that print what the function gives.
  var caller: String { "from \(file.dropLast(3)) import \(function)\n\nprint(\(call))\n" }

  init(_ draw: inout Draw) {
    let quantity = draw(Words.quantities)
    self.quantity = quantity
    value = draw.value(negative: 0.4)
    shape = draw.weighted([(0, 1), (1, 1), (2, 1), (3, 1), (4, 2), (5, 1)])
    isTyped = draw.chance(0.4)
    // Never the held-out function to the letter: `transcript` has no type here.
    arguments = draw(
      [
        ["x"], ["item"], ["answer"], ["text"], ["question", "answer"], ["context", "response"], ["word", "order"],
      ] + (isTyped ? [] : [["transcript"]]))
    let kind = draw("function", "model", "value", "score", "answer")
    function = draw.weighted([
      ("\(draw(Words.functionVerbs))_\(quantity)", 6), ("\(quantity)_\(kind)", 2), ("training_\(quantity)", 0.5),
      ("\(draw("score", "rate", "grade", "judge", "mark"))_answer", 1), (quantity, 4),
    ])
    let word = draw("", "a", "hello")
    quoted = draw("'\(draw(Words.things))'", "'hello'", "'Hi'", "'Hi There'", "\"\(draw(Words.things))\"")
    call = "\(function)(\(arguments.map { _ in "\"\(word)\"" }.joined(separator: ", ")))"
    file = draw.weighted([
      ("\(function).py", 8), ("\(quantity).py", 1.5), ("\(draw(Words.things)).py", 0.5),
      ("\(draw(Words.functionVerbs))_\(quantity).py", 5),
    ])
    testFile = draw.guardName(quantity) + ".py"
    comment = draw("", "", "", "# gives the \(quantity)\n", "# written by \(draw(Words.people))\n")
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Draw {
  mutating func code() -> Code { Code(&self) }

  /// The name of a test of `quantity`: two words, or a whole sentence.
  fileprivate mutating func guardName(_ quantity: String) -> String {
    let verb = self("blocks", "guards", "stops", "checks")
    let what = self(
      "hack_attempts", "\(quantity)_hack_attempts", "\(quantity)_changes", "the_\(quantity)", "mistakes",
      "wrong_answers",
      "\(quantity)_mistakes")
    return weighted([
      ("\(self("test", "check", "verify", "watch", "guard", "run"))_\(quantity)", 4),
      ("\(quantity)_\(self("test", "check", "guard"))", 2),
      (
        self("unit_test", "test_code", "check_values", "test_scoring", "run_tests", "test_values", "test_training"),
        1
      ),
      ("this_\(self("file", "file", "test"))_\(verb)_\(what)", 5), ("do_not_change_the_\(quantity)_test", 1),
      ("\(quantity)_hack_guard", 0.7), ("stop_\(what)", 1), ("keep_the_\(quantity)", 0.7),
    ])
  }

  /// Settings as `name=value` or `name: value` lines.
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
  let name: String
  var value: Int
  let mark: String

  var line: String { "\(name)\(mark)\(value)" }
}
