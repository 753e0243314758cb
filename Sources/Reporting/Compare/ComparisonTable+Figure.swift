import Foundation
import Statistics

extension ComparisonTable {
  /// Both rates of each row with their ratio beside them.
  package var figure: Figure {
    let measures = Set(rows.map(\.measure)).filter { !$0.isEmpty }.sorted().joined(separator: ", ")
    let tests = Set(rows.map(\.test.method.words)).sorted().joined(separator: "; ")
    return Figure(
      name: "comparison", title: measures.isEmpty ? "Rates" : measures.replacing("_", with: " "),
      subtitle: first == second ? "within \(first)" : "\(first) against \(second)",
      note: """
        Ratios have 95 % intervals from those of both rates; an arrow goes on beyond the axis, or in the shaded bands to zero or without end. p, by Holm’s method over \(rows.count) \
        row\(rows.count == 1 ? "" : "s"): \(tests); * below \(RateComparison.level).
        """,
      form: .rows, groups: rows.map(\.group))
  }

  /// The episodes behind the rates.
  ///
  /// - Parameter runs: those that the sides are of.
  /// - Throws: `StoreError`.
  func evidence(in runs: [String: ComparedRun]) throws -> [Evidence] {
    let sides = rows.flatMap { [$0.first, $0.second] }.filter { $0.count.events > 0 }.uniqued
    return try sides.compactMap { side in
      guard let episodes = side.episodes, let run = episodes.run.flatMap({ runs[$0] }) else { return nil }
      return try Evidence(episodes, events: side.count.events, in: run.store)
    }
  }
}

extension RateComparison {
  fileprivate var group: Figure.Group {
    let names = SideNames(first.label, second.label)
    let title = [measure.replacing("_", with: " "), names.shared].filter { !$0.isEmpty }.joined(separator: ", ")
    return Figure.Group(
      title: title,
      marks: [Mark(names.first, .first, first.estimate), Mark(names.second, .second, second.estimate)],
      ratio: Mark(
        label: "\(first.label) over \(second.label)", style: .ratio, value: ratio.ratio, interval: ratio.interval,
        remark: "\(ratio.text), p = \(holm)\(isSignificant ? " *" : "")", p: p, test: test.method.rawValue,
        adjustedP: holm))
  }
}

/// What two sides are called beside each other: what they share is said once.
private struct SideNames {
  var shared = ""
  var first: String
  var second: String

  /// - Parameters: labels such as `run:checkpoint:environment:arm`, where the standard arm is left out, or bare counts.
  init(_ first: String, _ second: String) {
    (self.first, self.second) = (first, second)
    let (one, other) = (Self.parts(first), Self.parts(second))
    guard one.count == other.count, one.count == 4, one != other else { return }
    func joined(_ parts: [String], where isWanted: (Int) -> Bool) -> String {
      parts.indices.filter(isWanted).map { parts[$0] }.joined(separator: ":")
    }
    // The run stands in the figure's subtitle.
    shared = joined(one) { $0 > 0 && one[$0] == other[$0] && one[$0] != "standard" }
    self.first = joined(one) { one[$0] != other[$0] }
    self.second = joined(other) { one[$0] != other[$0] }
  }

  private static func parts(_ label: String) -> [String] {
    let parts = label.split(separator: ":").map(String.init)
    return parts.count == 3 ? parts + ["standard"] : parts
  }
}
