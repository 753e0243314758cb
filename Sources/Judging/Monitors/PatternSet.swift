internal import Foundation

/// Regular expressions (ICU's, as in `NSRegularExpression`; `.` does not match a line's end) of which one must be found in
/// a text for it to be suspicious.
///
/// Looking for one takes a number of steps that grows with the text's length alone. A text on which it would take more
/// counts as suspicious: a policy must not be able to hide behind a text that its monitor cannot finish.
struct PatternSet: Sendable {
  private let expressions: [NSRegularExpression]

  /// Compiles the patterns.
  ///
  /// - Throws: a `JudgingError` that names the first that is no regular expression, is found in everything, or takes too
  ///   long on a text of one character repeated.
  init(_ patterns: [String]) throws {
    guard !patterns.isEmpty else { throw JudgingError("A pattern monitor needs at least one pattern; it has none.") }
    expressions = try patterns.map(Self.compile)
  }

  /// The share of the patterns that are found, so that texts can be ranked; 0 for a text that is not suspicious.
  func share(foundIn text: String) -> Double {
    let found = expressions.count { Self.search($0, text) != .absent }
    return Double(found) / Double(expressions.count)
  }

  private enum Finding { case found, absent, unfinished }

  /// Callbacks beyond one for each place in the text; each stands for ten thousand steps.
  private static let patience = 500

  private static func search(_ expression: NSRegularExpression, _ text: String) -> Finding {
    let length = text.utf16.count
    var finding = Finding.absent
    var callbacks = 0
    expression.enumerateMatches(
      in: text, options: [.reportProgress, .reportCompletion], range: NSRange(location: 0, length: length)
    ) { match, flags, stop in
      if match != nil { finding = .found }
      if flags.contains(.progress) { callbacks += 1 }
      if flags.contains(.internalError) || callbacks > length + patience { finding = .unfinished }
      stop.pointee = ObjCBool(finding != .absent)
    }
    return finding
  }

  private static func compile(_ pattern: String) throws -> NSRegularExpression {
    guard let expression = try? NSRegularExpression(pattern: pattern) else {
      throw JudgingError(
        "The pattern '\(pattern)' is not a regular expression: look for an open bracket or a repetition of nothing, and "
          + "put a backslash before a character that is meant literally.")
    }
    guard search(expression, "") == .absent else {
      throw JudgingError("The pattern '\(pattern)' is found even in an empty text, so it would flag every episode.")
    }
    let signs = Set(pattern.unicodeScalars.filter(\.isASCII)).union([" ", "\n", "0", "a", "<"]).sorted()
    for sign in signs where search(expression, String(repeating: String(sign), count: 400) + "\u{1}") == .unfinished {
      throw JudgingError(
        "The pattern '\(pattern)' takes too long on a text of many '\(sign)': it repeats something that can itself be "
          + "repeated in several ways. Write it so that each text fits it in one way.")
    }
    return expression
  }
}
