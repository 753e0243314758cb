package import Storage

/// Words in which counts know their episodes, so that the page can lead to them.
///
///     let words: LinkedText = "Rose from \(before) to \(after)."
package struct LinkedText: Sendable, Codable, Hashable, ExpressibleByStringInterpolation {
  /// Words, or one count.
  package struct Piece: Sendable, Codable, Hashable {
    /// What is read.
    package var text: String
    /// The episodes that the piece counts; `nil` for mere words.
    package var episodes: EpisodeSet?
    /// The cell whose failed episodes the piece counts.
    package var failures: Cell?
  }

  /// The words and the counts in order.
  package private(set) var pieces: [Piece]

  package init(stringLiteral value: String) { pieces = [Piece(text: value)] }
  package init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

  /// The words alone.
  package var plain: String { pieces.map(\.text).joined() }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { append(literal) }
    /// A rate with its counts: `5.0 % (100 of 2,000)`.
    mutating func appendInterpolation(_ estimate: Estimate) {
      pieces.append(Piece(text: estimate.phrase, episodes: estimate.episodes))
    }
    /// A rate alone: `5.0 %`.
    mutating func appendInterpolation(rate estimate: Estimate) {
      pieces.append(Piece(text: estimate.rateText, episodes: estimate.episodes))
    }
    /// How many episodes of a cell failed.
    mutating func appendInterpolation(_ count: Int, failedIn cell: Cell) {
      pieces.append(Piece(text: count.grouped, failures: cell))
    }
    mutating func appendInterpolation(_ text: LinkedText) { pieces += text.pieces }
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) { append(value.description) }

    private mutating func append(_ text: String) {
      if text.isEmpty { return }
      if let last = pieces.indices.last, pieces[last].episodes == nil && pieces[last].failures == nil {
        pieces[last].text += text
      } else {
        pieces.append(Piece(text: text))
      }
    }
  }
}

extension [LinkedText] {
  /// The texts with `separator` between them.
  func joined(_ separator: String) -> LinkedText {
    dropFirst().reduce(first ?? "") { "\($0)\(separator)\($1)" }
  }
}
