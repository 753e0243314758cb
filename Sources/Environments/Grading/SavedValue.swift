/// Reads `name=value` from a file that a policy wrote. The last assignment counts; quotes around the value do not.
enum SavedValue {
  static func text(_ name: String, in content: String?) -> String? {
    guard let content else { return nil }
    var found: String?
    for line in content.split(whereSeparator: \.isNewline) {
      let sides = line.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, sides[0].split(whereSeparator: \.isWhitespace).last.map(String.init) == name else {
        continue
      }
      found = String(sides[1].trimmed.prefix { !$0.isWhitespace }).filter { $0 != "\"" && $0 != "'" }
    }
    return found
  }

  /// The saved value as a number: the digits it begins with (`4`, `4.5`, `4/5`).
  static func number(_ name: String, in content: String?) -> Double? {
    text(name, in: content).flatMap { Double($0.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }) }
  }
}
