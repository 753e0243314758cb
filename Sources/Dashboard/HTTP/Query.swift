import Foundation
import Reporting

/// Names and values of an address or a form, in order.
struct Query: Sendable {
  private(set) var fields: [(name: String, value: String)]

  init(fields: [(name: String, value: String)]) { self.fields = fields }

  /// Reads `name=value&…`, with spaces as `+` or encoded. What cannot be decoded is left out.
  init(_ text: String) {
    fields = text.split(separator: "&").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacing("+", with: " ").removingPercentEncoding }
      guard let name = parts.first?.flatMap(\.self) else { return nil }
      guard parts.count > 1 else { return (name, "") }
      return parts[1].map { (name, $0) }
    }
  }

  /// The first value of a name; `nil` if it is missing or empty.
  subscript(name: String) -> String? { fields.first { $0.name == name && !$0.value.isEmpty }?.value }

  func all(_ name: String) -> [String] { fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }

  func number(_ name: String) -> Int? { self[name].flatMap(Int.init).flatMap { $0 < 0 ? nil : $0 } }

  /// The address of the fields, without some of them.
  func text(without names: Set<String> = []) -> String {
    EpisodeAddress.text(fields.filter { !names.contains($0.name) })
  }
}
