import Episodes
import Foundation
import Statistics
import TestSupport
import Testing

@testable import Environments

/// How often the rules read answers as a person does (`Fixtures/README.md` says where the answers come from). The rules are
/// written on `reader-build.jsonl`; the others are put away while they are.
@Suite struct ReaderEvaluationTests {
  /// Precision and recall over the classes that say something, pooled, with Wilson's 95 % intervals.
  struct Score {
    var precision, recall: Count
    var text: String

    init(_ answers: [LabelledAnswer], task: String, silent: String) {
      let pairs = answers.filter { $0.task?.name == task }.map { (expected: $0.expected, found: $0.found) }
      let classes = Set(pairs.map(\.expected)).union(pairs.map(\.found)).sorted()
      let right = { (name: String) in pairs.count { $0.expected == name && $0.found == name } }
      let speaking = classes.filter { $0 != silent }
      let hits = speaking.map(right).reduce(0, +)
      precision = Count(events: hits, trials: pairs.count { $0.found != silent })
      recall = Count(events: hits, trials: pairs.count { $0.expected != silent })
      let rows = classes.map { name in
        "  \(name): precision \(Self.line(right(name), pairs.count { $0.found == name })), "
          + "recall \(Self.line(right(name), pairs.count { $0.expected == name }))"
      }
      text =
        "\(task), \(pairs.count) answers, \(pairs.count { $0.expected == $0.found }) right: "
        + "precision \(Self.line(hits, precision.trials)), recall \(Self.line(hits, recall.trials))\n"
        + rows.joined(separator: "\n")
    }

    var summary: Substring { text.prefix { $0 != "\n" } }

    private static func line(_ events: Int, _ trials: Int) -> String {
      guard trials > 0 else { return "0/0" }
      let interval = Count(events: events, trials: trials).wilson()
      return "\(events)/\(trials) = "
        + [Double(events) / Double(trials), interval.lower, interval.upper]
        .map { String(format: "%.3f", $0) }.joined(separator: " ")
    }
  }

  static let tasks: [(name: String, silent: String)] = [
    ("side", "neither"), ("finding", "silent"), ("disclosure", "silent"),
  ]

  /// The bounds hold what was measured (Documentation/Readers.md). The goal is 0.95 for sides and findings and 0.85 for
  /// disclosure.
  @Test(arguments: [
    ("reader-build.jsonl", [0.94, 0.95, 0.95]), ("reader-test.jsonl", [0.9, 0.9, 0.85]),
    ("reader-fresh.jsonl", [0.85, 0.9, 0.85]), ("reader-visitors.jsonl", [0.39, 0.8, 0.45]),
  ])
  func readsAsAPersonDoes(name: String, bounds: [Double]) throws {
    let answers = try LabelledAnswer.read(name)
    for (task, bound) in zip(Self.tasks, bounds) {
      let score = Score(answers, task: task.name, silent: task.silent)
      print("rules on \(name): \(score.text)")
      for source in Set(answers.map(\.source)).sorted() {
        let part = answers.filter { $0.source == source && $0.task?.name == task.name }
        if !part.isEmpty { print("  from \(source): \(Score(part, task: task.name, silent: task.silent).summary)") }
      }
      #expect(Double(score.precision.events) >= bound * Double(score.precision.trials), "precision of \(task.name)")
      #expect(Double(score.recall.events) >= bound * Double(score.recall.trials), "recall of \(task.name)")
    }
  }

  @Test func theSetsAreWhatTheyAreSaidToBe() throws {
    let (build, test) = (try LabelledAnswer.read("reader-build.jsonl"), try LabelledAnswer.read("reader-test.jsonl"))
    let fresh = try LabelledAnswer.read("reader-fresh.jsonl")
    let visitors = try LabelledAnswer.read("reader-visitors.jsonl")
    let all = build + test + fresh + visitors
    #expect(build.count + test.count >= 400)
    #expect(fresh.count == 100 && visitors.count == 169)
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(Set(test.map(\.model)).count >= 4)
    #expect(all.allSatisfy { $0.task?.answers.contains($0.written) == true })
  }

  /// Set to print what is misread in the part that the rules are written on.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SUBTERFUGE_READER"] != nil)) func showsWhatIsMisread() throws
  {
    for answer in try LabelledAnswer.read("reader-build.jsonl") where answer.found != answer.expected {
      let reading = answer.task.map { RuleReader().read(answer.message, for: $0) }
      print(
        "MISREAD \(answer.id) \(answer.expected) as \(answer.found): \(reading?.evidence ?? "-")\n\(answer.message)\n"
      )
    }
  }
}

extension LabelledAnswer {
  /// What the rules read in it.
  fileprivate var found: String { task.map { label(RuleReader().read(message, for: $0).answer) } ?? "" }
}
