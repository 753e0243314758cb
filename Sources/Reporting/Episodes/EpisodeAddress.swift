package import Episodes
package import Storage

/// Addresses of the dashboard, relative to the page of a run.
package enum EpisodeAddress {
  /// The list of the episodes that a query selects.
  package static func list(_ query: EpisodeQuery) -> String { "episodes" + text(fields(query)) }

  /// The page of one episode.
  ///
  /// - Parameter query: the list that the reader comes from, for the links to the neighbours.
  package static func episode(_ key: EpisodeKey, in query: EpisodeQuery? = nil, page: String = "episode") -> String {
    page + text([("key", path(of: key))] + (query.map(fields) ?? []))
  }

  /// The key as one text: its parts joined by `/`, and each part encoded so that no part can contain a `/`.
  package static func path(of key: EpisodeKey) -> String {
    let names = [key.checkpoint, key.environment, key.arm.rawValue, key.purpose].map(\.encodedForQuery)
    return (names + ["\(key.variant)", "\(key.sample)"]).joined(separator: "/")
  }

  /// The names and values that say what a query selects.
  package static func fields(_ query: EpisodeQuery) -> [(name: String, value: String)] {
    let single = [
      ("checkpoint", query.checkpoint), ("environment", query.environment), ("arm", query.arm?.rawValue),
      ("purpose", query.purpose), ("variant", query.variant.map(String.init)),
      ("failed", query.failed.map { $0 ? "yes" : "no" }),
    ].compactMap { name, value in value.map { (name, $0) } }
    return single + query.holding.map { ("holding", $0.rawValue) } + query.lacking.map { ("lacking", $0.rawValue) }
  }

  /// Names and values as the part of an address behind the path.
  package static func text(_ fields: [(name: String, value: String)]) -> String {
    fields.isEmpty ? "" : "?" + fields.map { "\($0.name)=\($0.value.encodedForQuery)" }.joined(separator: "&")
  }
}

extension String {
  /// The text with every byte encoded that has a meaning in an address.
  package var encodedForQuery: String {
    var out = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default: out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return out
  }
}
