import Episodes
import Foundation
import Reporting

/// A piece of a transcript for a list: around the first word that was searched, or the last words that were said.
struct Excerpt {
  private static let length = 160

  private let before: String
  private let hit: String
  private let after: String

  /// - Parameter words: what was searched; empty for the last words.
  init(_ transcript: Transcript, words: String) {
    let texts = transcript.blocks.compactMap { block -> String? in
      switch block {
      case .message(let text), .thought(let text), .command(let text):
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      default: nil
      }
    }.filter { !$0.isEmpty }
    let terms = words.split { $0.isWhitespace || $0 == "\"" || $0 == "*" }.map(String.init)
    for text in texts {
      for term in terms {
        guard let found = text.range(of: term, options: [.caseInsensitive, .diacriticInsensitive]) else { continue }
        before = Self.tail(text[..<found.lowerBound])
        hit = String(text[found])
        after = Self.head(text[found.upperBound...])
        return
      }
    }
    (before, hit, after) = (Self.head(texts.last?[...] ?? ""), "", "")
  }

  var markup: Markup {
    if before.isEmpty && hit.isEmpty { return "" }
    return hit.isEmpty ? "<q>\(before)</q>" : "<q>\(before)<mark>\(hit)</mark>\(after)</q>"
  }

  private static func head(_ text: Substring) -> String {
    text.count > length ? text.prefix(length) + "…" : String(text)
  }

  private static func tail(_ text: Substring) -> String {
    text.count > length / 3 ? "…" + text.suffix(length / 3) : String(text)
  }
}
