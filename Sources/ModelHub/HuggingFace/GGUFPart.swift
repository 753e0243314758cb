internal import Foundation

/// The name of a part of a GGUF file that was split: `NAME-00001-of-00003.gguf`.
struct GGUFPart {
  private let name: Substring
  let number: Int
  let count: Int

  /// `nil` for another path, and for numbers that no part has.
  init?(_ path: String) {
    guard let match = path.wholeMatch(of: /(.*)-([0-9]{5})-of-([0-9]{5})\.gguf/), let number = Int(match.2),
      let count = Int(match.3), (1...1_000).contains(count), (1...count).contains(number)
    else { return nil }
    (name, self.number, self.count) = (match.1, number, count)
  }

  /// The paths of all parts, in order.
  var all: [String] {
    (1...count).map { name + "-" + String(format: "%05d", $0) + "-of-" + String(format: "%05d", count) + ".gguf" }
  }
}
