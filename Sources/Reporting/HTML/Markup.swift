/// A piece of HTML. Text that is interpolated into one is escaped; only literals and other pieces go in as they are, so
/// what a model wrote cannot become markup.
///
///     let cell: Markup = "<td>\(modelOutput)</td>"
package struct Markup: Sendable, ExpressibleByStringInterpolation {
  /// The HTML.
  package private(set) var html: String

  package init(stringLiteral value: String) { html = value }
  package init(stringInterpolation: Interpolation) { html = stringInterpolation.html }
  fileprivate init(html: String) { self.html = html }

  /// Collects the literals as they are and the texts escaped.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    package init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(2 * literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { html += literal }
    package mutating func appendInterpolation(_ text: some StringProtocol) { html += text.escapedForHTML }
    package mutating func appendInterpolation(_ number: Int) { html += String(number) }
    package mutating func appendInterpolation(_ piece: Markup) { html += piece.html }
    package mutating func appendInterpolation(_ pieces: [Markup]) { html += pieces.map(\.html).joined(separator: "\n") }
    /// A length in an SVG: one decimal, none for a whole number.
    package mutating func appendInterpolation(length: Double) {
      let tenths = Int((length * 10).rounded())
      html += tenths.isMultiple(of: 10) ? String(tenths / 10) : String(Double(tenths) / 10)
    }
  }
}

extension StringProtocol {
  /// The text with everything that means something to a browser made harmless. Characters that cannot be seen, or that
  /// turn the direction of writing, are shown by their number.
  fileprivate var escapedForHTML: String {
    var out = ""
    out.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x26: out += "&amp;"
      case 0x3c: out += "&lt;"
      case 0x3e: out += "&gt;"
      case 0x22: out += "&quot;"
      case 0x27: out += "&#39;"
      case 0x09, 0x0a: out.unicodeScalars.append(scalar)
      case 0x00...0x1f, 0x7f...0x9f, 0x200b...0x200f, 0x202a...0x202e, 0x061c, 0x2060...0x2069, 0xfeff, 0xfffe, 0xffff,
        0xe0000...0xe007f:
        out += "⟨\(scalar.codePoint)⟩"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

extension String {
  /// The text with characters that cannot be seen, or that turn the direction of writing, shown by their numbers, for a
  /// page of plain text.
  package var visible: String {
    escapedForHTML.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}

extension Unicode.Scalar {
  /// `U+202E`.
  fileprivate var codePoint: String {
    let number = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
  }
}

extension Markup {
  /// Pieces side by side, with nothing between them.
  package init(joining pieces: [Markup]) { self.init(html: pieces.map(\.html).joined()) }
}
