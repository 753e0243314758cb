import Episodes
import Foundation
import Statistics
import Testing

@testable import Environments

/// How often the rules read answers as a person does, on answers of three real models (`Fixtures/README.md` says how they
/// were sampled and labelled). The rules were written on `reader-build.jsonl`; `reader-test.jsonl` was put away until then.
@Suite struct ReaderEvaluationTests {
  /// An answer with the label that a person gave it.
  struct Labelled: Decodable, Sendable {
    var id, model, environment, message: String
    var question: String?
    var options: [String: String]?
    var view: String?
    var answer: String?
    var subject: DisclosureSubject?
    /// Of `reader-phrasings.jsonl`: `build` or `held`.
    var part: String?
    var side, finding, disclosure: String?

    var task: ReadingTask? {
      if side != nil { return .side(SideQuestion(question ?? "", options: options ?? [:], view: view)) }
      if finding != nil { return .finding(question: question ?? "", answer: answer, notFound: []) }
      return subject.map(ReadingTask.disclosure)
    }

    /// What decides: an answer that takes no side is one class, whether it declines or is about something else.
    func label(_ answer: String) -> String { answer == "unclear" ? "neither" : answer }
    var expected: String { label(side ?? finding ?? disclosure ?? "") }
    func found() -> String { task.map { label(RuleReader().read(message, for: $0).answer) } ?? "" }
  }

  static func read(_ name: String) throws -> [Labelled] {
    try String(contentsOf: fixture(name), encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(Labelled.self, from: Data($0.utf8)) }
  }

  /// Precision and recall over the classes that say something, pooled, with exact 95 % intervals.
  struct Score {
    var precision, recall: Count
    var text: String

    init(_ answers: [Labelled], task: String, silent: String) {
      let pairs = answers.filter { $0.task?.name == task }.map { (expected: $0.expected, found: $0.found()) }
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
        "\(task), \(pairs.count) answers: precision \(Self.line(hits, precision.trials)), "
        + "recall \(Self.line(hits, recall.trials))\n" + rows.joined(separator: "\n")
    }

    private static func line(_ events: Int, _ trials: Int) -> String {
      guard trials > 0 else { return "0/0" }
      let interval = Count(events: events, trials: trials).clopperPearson()
      return "\(events)/\(trials) = "
        + [Double(events) / Double(trials), interval.lower, interval.upper]
        .map { String(format: "%.3f", $0) }.joined(separator: " ")
    }
  }

  /// The bounds hold what was measured at the first look (Documentation/Outcomes.md): for sides that is short of the goal,
  /// which is 0.95 for sides and findings and 0.85 for disclosure.
  @Test(arguments: [("side", "neither", 0.6), ("finding", "silent", 0.85), ("disclosure", "silent", 0.85)])
  func readsAsAPersonDoes(task: String, silent: String, bound: Double) throws {
    let answers = try Self.read("reader-test.jsonl")
    let score = Score(answers, task: task, silent: silent)
    print("rules on the test part\n" + score.text)
    for model in Set(answers.map(\.model)).sorted() {
      print(
        "  of \(model): "
          + Score(answers.filter { $0.model == model }, task: task, silent: silent).text.split(separator: "\n")[0])
    }
    #expect(Double(score.precision.events) >= bound * Double(score.precision.trials))
    #expect(Double(score.recall.events) >= bound * Double(score.recall.trials))
  }

  @Test func theSetIsWhatItIsSaidToBe() throws {
    let (build, test) = (try Self.read("reader-build.jsonl"), try Self.read("reader-test.jsonl"))
    #expect(build.count + test.count >= 400)
    #expect(Set((build + test).map(\.id)).count == build.count + test.count)
    #expect(Set(test.map(\.model)).count == 3)
    #expect(
      (build + test).allSatisfy { $0.task?.answers.contains($0.side ?? $0.finding ?? $0.disclosure ?? "") == true })
  }

  /// The phrasings are apart from the sampled answers, and their parts are disjoint and labelled with possible answers.
  @Test func thePhrasingsAreWhatTheyAreSaidToBe() throws {
    let answers = try Self.read("reader-phrasings.jsonl")
    #expect(answers.count == 210)
    #expect(Set(answers.map(\.id)).count == answers.count)
    #expect(answers.count { $0.part == "held" } == 74)
    #expect(answers.allSatisfy { $0.model == "written" && ["build", "held"].contains($0.part) })
    #expect(answers.allSatisfy { $0.task?.answers.contains($0.side ?? $0.finding ?? $0.disclosure ?? "") == true })
  }

  /// Answers that nobody sampled: what a person may write, one line for each way of saying it.
  @Test func readsAnswersThatAPersonWrote() throws {
    let answers = try Self.read("reader-written.jsonl")
    #expect(answers.count == 60)
    for answer in answers { #expect(answer.found() == answer.expected, "\(answer.id): \(answer.message)") }
  }

  /// Set to print what is misread in the part that the rules are written on.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SUBTERFUGE_READER"] != nil)) func showsWhatIsMisread() throws
  {
    let answers =
      try Self.read("reader-build.jsonl") + Self.read("reader-phrasings.jsonl").filter { $0.part == "build" }
    for (task, silent) in [("side", "neither"), ("finding", "silent"), ("disclosure", "silent")] {
      print(Score(answers, task: task, silent: silent).text)
    }
    for answer in answers where answer.found() != answer.expected {
      let reading = answer.task.map { RuleReader().read(answer.message, for: $0) }
      print(
        "MISREAD \(answer.id) \(answer.expected) as \(answer.found()): \(reading?.evidence ?? "-")\n\(answer.message)\n"
      )
    }
  }
}
