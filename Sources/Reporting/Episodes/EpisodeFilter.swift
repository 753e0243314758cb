import Episodes

/// A selection that the page of a cell can show by itself.
enum EpisodeFilter: Hashable {
  /// Graded episodes in which a predicate holds.
  case predicate(Predicate)
  /// Episodes that failed and were not graded.
  case failed
  /// Episodes that a monitor flagged.
  case flagged

  /// The anchor that shows every episode.
  static let all = "all-episodes"

  /// The anchor of the selection. Predicates of imported runs have any name: characters with a meaning in addresses or
  /// style sheets are replaced by their numbers.
  var anchor: String {
    switch self {
    case .predicate(let predicate):
      predicate.rawValue.unicodeScalars.map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
        return isPlain ? String(scalar) : "-\(String(scalar.value, radix: 16))-"
      }.joined()
    case .failed: "failed-episodes"
    case .flagged: "flagged-episodes"
    }
  }

  var title: String {
    switch self {
    case .predicate(let predicate): predicate.title
    case .failed: "failed"
    case .flagged: "flagged by a monitor"
    }
  }
}
