import Episodes
import Foundation
import Runs
import Statistics
import Storage
import TestSupport
import Testing

@testable import Reporting

struct CompareTests {
  /// `(checkpoint, environment, arm)` with events by prompt, of so many episodes each.
  private typealias Planted = (checkpoint: String, environment: String, arm: Arm, events: [Int], each: Int)

  private final class PlantedRun {
    let folder = FileManager.default.temporaryDirectory.appending(path: "compare-\(UUID().uuidString)")
    let run: ComparedRun

    init(_ cells: [Planted], name: String = "one", prompts: String = "prompt") throws {
      let store = try RunStore(in: folder, configuration: PlainRun(name: name), codeRevision: "1")
      for checkpoint in Set(cells.map(\.checkpoint)).sorted() { try store.record(CheckpointRecord(name: checkpoint)) }
      for cell in cells { try store.insert(Self.episodes(cell, prompts)) }
      run = try ComparedRun(name, try RunStore(reading: folder))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func episodes(_ cell: Planted, _ prompts: String) -> [Episode] {
      cell.events.enumerated().flatMap { variant, events in
        (0..<cell.each).map { sample in
          let key = EpisodeKey(
            checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: "evaluation",
            variant: variant, sample: sample)
          return Episode(
            key: key, seed: Seed(1), transcript: Transcript([Segment(.prompt, "\(prompts) \(variant)")]), changes: [],
            result: .graded(Outcome(facts: [.gamed: sample < events]), stop: .finished), timings: EpisodeTimings())
        }
      }
    }
  }

  private func compare(_ a: String, _ b: String, _ runs: PlantedRun...) throws -> ComparisonTable {
    try ComparisonTable(
      SideSpecification(a), SideSpecification(b),
      in: Dictionary(uniqueKeysWithValues: runs.map { ($0.run.name, $0.run) }))
  }

  @Test func sidesAreReadAsPeopleWriteThem() throws {
    #expect(try SideSpecification("45/32,768") == .literal([Count(events: 45, trials: 32_768)]))
    #expect(
      try SideSpecification("3/96+5/96") == .literal([Count(events: 3, trials: 96), Count(events: 5, trials: 96)]))
    #expect(
      try SideSpecification("run:a.2/b:tampering:solvable")
        == .cells(run: "run", checkpoint: "a.2/b", environment: "tampering", arm: "solvable"))
    #expect(
      try SideSpecification("run::tampering")
        == .cells(run: "run", checkpoint: nil, environment: "tampering", arm: nil))
    for wrong in ["5/4", "0/0", "1/99999999999999999999", "", ":a", "a:b:c:d:e"] {
      #expect(throws: SideError.self) { _ = try SideSpecification(wrong) }
    }
  }

  /// SciPy: fisher_exact([[4, 99996], [0, 100000]]) = 0.12499625.
  @Test func bareCountsAreComparedExactly() throws {
    let table = try compare("4/100000", "0/100000")
    let row = try #require(table.rows.first)
    #expect(abs(row.p.value - 0.12499625) < 1e-8)
    #expect(row.test.method == .fisher && row.test.scope == .withinRun)
    #expect(!row.isSignificant)
    #expect(
      row.words.hasPrefix(
        "4 in 100,000 against 0 in 100,000 is not significant (p = 0.12 within the run, Fisher's exact test)"))
    #expect(table.notes.contains { $0.hasPrefix("With one sequence a side") })
    #expect(row.ratio.interval.upper == .infinity)
    #expect(try ReportJSON.text(table).contains("\"inf\""))
  }

  /// One episode a prompt, 9 prompts only in the second and 1 only in the first: 2 (1 + 10) / 2^10 = 0.021484375.
  @Test func theSamePromptsOnceEachAreMcNemarsCase() throws {
    let first = [1, 1] + Array(repeating: 0, count: 38)
    let second = [1, 0] + Array(repeating: 1, count: 9) + Array(repeating: 0, count: 29)
    let run = try PlantedRun([("a", "e", .standard, first, 1), ("b", "e", .standard, second, 1)])
    let row = try #require(try compare("one:a", "one:b", run).rows.first)
    #expect(row.test.method == .mcNemar && row.test.scope == .withinRun)
    #expect(abs(row.p.value - 0.021484375) < 1e-12)
    #expect(row.first.prompts == nil)
    // Newcombe's interval of paired rates (1, 1, 9 and 29 prompts), worked in Python.
    #expect(
      abs(row.differenceInterval.lower + 0.3514542) < 1e-6 && abs(row.differenceInterval.upper + 0.0529266) < 1e-6)
  }

  /// Prompts differ much from each other, and each loses two events of its 20: the interval and p say the same.
  @Test func whatPromptsDoToBothSidesIsNoError() throws {
    let before = (0..<16).map { $0 % 2 == 0 ? 19 : 5 }
    let run = try PlantedRun([("a", "e", .standard, before, 20), ("b", "e", .standard, before.map { $0 - 2 }, 20)])
    let row = try #require(try compare("one:b", "one:a", run).rows.first)
    #expect(row.test.method == .randomisation && abs(row.p.value - 2 / 65_536) < 1e-12)
    #expect(row.differenceInterval.contains(-0.1) && row.differenceInterval.upper < 0 && row.ratio.interval.upper < 1)
    #expect(row.first.interval.upper > row.second.interval.lower, "the intervals of the rates alone do not tell")
  }

  /// All 20 events of one prompt: 20 of 400 against 0 of 400 is 8e-7 for independent episodes and nothing by prompts.
  @Test func eventsOfOnePromptAreNoEvidenceOfManyEpisodes() throws {
    let none = Array(repeating: 0, count: 20)
    let run = try PlantedRun([
      ("a", "e", .standard, none, 20), ("b", "e", .standard, [20] + none.dropLast(), 20),
    ])
    let row = try #require(try compare("one:b", "one:a", run).rows.first)
    #expect(row.fisher.value < 1e-5)
    #expect(row.test.method == .tooFewPrompts && row.test.tellingPrompts == 1)
    #expect(row.p.value == 1 && row.words.contains("no verdict, too few prompts tell them apart (1; a test needs 6)"))
    #expect(try #require(row.first.prompts?.designEffect) > 10)
    #expect(row.differenceInterval.lower < 0 && row.ratio.interval.lower < 1)
  }

  /// Two episodes of one prompt, both with the event, against 2 of 600 of 300 prompts: by Fisher p = 2e-5, and a ratio of
  /// hundreds that episodes of one prompt cannot show.
  @Test func twoEpisodesOfOnePromptAreNoFinding() throws {
    let many = [1, 1] + Array(repeating: 0, count: 298)
    let run = try PlantedRun([("a", "e", .standard, [2], 2), ("b", "e", .standard, many, 2)])
    let table = try compare("one:a", "one:b", run)
    let row = try #require(table.rows.first)
    #expect(row.fisher.value < 1e-4)
    #expect(row.test.method == .tooFewPrompts && row.test.tellingPrompts == 1 && !row.isSignificant)
    // One prompt of one has the event: its rate may be as low as 1.25 %, half of Clopper and Pearson's 2.5 % for 1 of 1.
    #expect(row.ratio.interval.lower < 10)
    #expect(table.text.contains("not tested:") && table.csv.contains(",too_few_prompts,within_run,1.0,"))
  }

  /// A sentence says which of the rows it is about, and repeats nothing that all rows share.
  @Test func sentencesNameTheirRow() throws {
    let counts = Array(repeating: 0, count: 9) + [1]
    let run = try PlantedRun(
      ["e", "f"].flatMap { [("a", $0, .standard, counts, 1), ("b", $0, .standard, counts, 1)] })
    let text = try compare("one:a", "one:b", run).text
    #expect(text.contains("\n- gamed, e: 1 in 10 against") && text.contains("\n- gamed, f: 1 in 10 against"), "\(text)")
    #expect(try compare("one:a:e", "one:b", run).text.contains("\n- gamed: 1 in 10 against"))
    #expect(try compare("4/100", "0/100").text.contains("\n- 4 in 100 against"))
  }

  /// Counts of three sequences a side that do not overlap: 2 of 20 ways to share them out, whatever the episodes.
  @Test func sequencesAreTheObservations() throws {
    let table = try compare("3/960+5/960+2/960", "90/960+110/960+95/960")
    let row = try #require(table.rows.first)
    #expect(row.fisher.value < 1e-50)
    #expect(row.test.method == .permutation && row.test.scope == .acrossSequences)
    #expect(abs(row.p.value - 0.1) < 1e-12 && !row.isSignificant)
    #expect(table.notes.contains("With 3 against 3 sequences no difference can reach p < 0.1."))
    #expect(row.first.intervalMethod == .bySequence)
    let five = try compare("3/960+5/960+2/960+4/960+6/960", "90/960+110/960+95/960+92/960+97/960")
    #expect(abs(five.rows[0].p.value - 2.0 / 252) < 1e-12 && five.rows[0].isSignificant)
  }

  /// All training sequences of a condition are a side; one of them is told that there are others.
  @Test func aConditionsSequencesAreASide() throws {
    let cells: [Planted] = (1...5).flatMap { replicate in
      ["a", "b"].map { condition in
        let rate = condition == "a" ? 1 : 3
        return (
          Branch(condition: condition, replicate: replicate).checkpoint("x"), "e", .standard,
          Array(repeating: rate, count: 20), 4
        )
      }
    }
    let run = try PlantedRun(cells)
    let row = try #require(try compare("one:a.*/x", "one:b.*/x", run).rows.first)
    #expect(row.first.label == "one:a.*/x:e" && row.first.sequences.count == 5)
    #expect(row.test.firstSequences == 5 && row.test.secondSequences == 5)
    #expect(abs(row.p.value - 2.0 / 252) < 1e-12 && row.test.method == .permutation)
    let single = try compare("one:a/x", "one:b/x", run)
    #expect(single.rows[0].test.scope == .withinRun)
    #expect(single.notes.contains("a/x is one of 5 training sequences; one:a.*/x compares all of them."))
    #expect(throws: SideError.self) { _ = try compare("one:c.*/x", "one:b/x", run) }
  }

  /// Differences by prompt 3, 1, 1, 2 and -1: the enumeration of their 32 signs gives 0.25.
  @Test func theSamePromptsSeveralTimesArePaired() throws {
    let run = try PlantedRun([
      ("a", "e", .standard, [3, 2, 1, 3, 0, 2, 0], 4), ("b", "e", .standard, [0, 1, 0, 1, 1, 2, 0], 4),
    ])
    let row = try #require(try compare("one:a", "one:b", run).rows.first)
    #expect(row.test.method == .randomisation && row.test.tellingPrompts == 6)
    #expect(abs(row.p.value - 0.25) < 1e-12)
  }

  @Test func anEnvironmentIsComparedWithItsArm() throws {
    let run = try PlantedRun([
      ("start", "tampering", .standard, [1, 0], 4), ("start", "tampering", "solvable", [0, 0], 4),
    ])
    let table = try compare("one:start:tampering", "one:start:tampering:solvable", run)
    #expect(table.rows.map(\.second.label) == ["one:start:tampering:solvable"])
    #expect(table.notes.contains { $0.contains("two arms, standard and solvable") })
    let figure = table.figure
    #expect(figure.fullTitle == "gamed: within one")
    #expect(figure.groups.map(\.title) == ["gamed, start:tampering"])
    #expect(figure.marks.map(\.label) == ["standard", "solvable"])
  }

  /// The picture is one of the report's kind: its marks lead to a list of their episodes, which says how to read them.
  @Test func thePictureLeadsToItsEpisodes() throws {
    let runs = [
      try PlantedRun([("a", "e", .standard, [1, 0, 2], 3)]),
      try PlantedRun([("a", "e", .standard, [0, 0, 2], 3)], name: "two"),
    ]
    let table = try compare("one", "two", runs[0], runs[1])
    let folder = FileManager.default.temporaryDirectory.appending(path: "compare-figure-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try FigureFiles(in: folder, searchPath: "/nowhere")
      .write(table, in: ["one": runs[0].run, "two": runs[1].run], named: "a b")
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let picture = try text("a b.svg")
    #expect(XMLCheck(picture).isWellFormed)
    #expect(picture.contains(">gamed, a:e</text>") && picture.contains("\"a%20b-episodes.html#episodes-1\""))
    let list = try text("a b-episodes.html")
    #expect(list.contains("subterfuge episodes one --checkpoint a") && list.contains("subterfuge episodes two "))
    let lines = try text("a b.csv").split(separator: "\n")
    #expect(lines.count == 4 && lines[3].contains(",ratio,1.5,"))
    #expect(try text("a b-table.csv") == table.csv)
  }

  /// Without an event on either side a ratio is not defined, and nothing is drawn of it.
  @Test func aRatioOfTwoZerosIsNotDefined() throws {
    let table = try compare("0/10", "0/20")
    let ratio = try #require(table.figure.groups[0].ratio)
    #expect(ratio.value == nil && ratio.remark.hasPrefix("not defined"))
    #expect(table.text.contains("not defined"))
    #expect(table.figure.marks.map(\.label) == ["0/10", "0/20"])
  }

  @Test func openPartsAreMatchedByName() throws {
    let cells: [Planted] = ["a", "b"].flatMap { checkpoint in
      ["x", "y"].map { (checkpoint, $0, .standard, [1, 0, 2], 3) }
    }
    let run = try PlantedRun(cells)
    let environments = try compare("one:a", "one:b", run)
    #expect(environments.rows.map(\.first.label) == ["one:a:x", "one:a:y"])
    #expect(environments.rows.map(\.second.label) == ["one:b:x", "one:b:y"])
    // Episodes of one prompt are alike, which Mantel and Haenszel's test does not know.
    #expect(environments.strata.isEmpty)
    let once: [Planted] = ["a", "b"].flatMap { checkpoint in
      ["x", "y"].map { (checkpoint, $0, .standard, [1, 0, 1], 1) }
    }
    #expect(try compare("one:a", "one:b", PlantedRun(once)).strata.map(\.environments) == [["x", "y"]])
    #expect(try compare("one:a:x", "one:b:y", run).rows.count == 1)
    #expect(try compare("one:a:x", "one", run).rows.map(\.second.label) == ["one:b:x"])
    #expect(throws: SideError.self) { _ = try compare("one:a:x", "one:a:x", run) }
    #expect(throws: SideError.self) { _ = try compare("one:c", "one:a", run) }
  }

  @Test func runsWithOtherPromptsAreNotPairedAndThatIsSaid() throws {
    let events = [1, 0, 2, 1, 1, 2, 1, 3]
    let first = try PlantedRun([("a", "e", .standard, events, 3)])
    let same = try PlantedRun([("a", "e", .standard, events.reversed(), 3)], name: "two")
    let other = try PlantedRun([("a", "e", .standard, events.reversed(), 3)], name: "two", prompts: "other")
    #expect(try compare("one", "two", first, same).rows[0].test.method == .randomisation)
    #expect(try compare("one", "two", first, same).notes.allSatisfy { !$0.contains("prompts") })
    let table = try compare("one", "two", first, other)
    #expect(table.rows[0].test.method == .effectiveFisher)
    #expect(table.notes.contains { $0.hasPrefix("The prompts of e differ between the runs") })
  }

  /// Three p values 0.01, 0.02, 0.03 by hand: Holm 0.03, 0.04, 0.04; Benjamini-Hochberg 0.03 for all.
  @Test func rowsAreAdjustedForTheirNumber() throws {
    var rows = try (0..<3).flatMap { _ in try compare("1/2", "1/2").rows }
    for (index, p) in [0.02, 0.01, 0.03].enumerated() { rows[index].test.p = PValue(naturalLog: log(p)) }
    rows.adjust()
    #expect(zip(rows.map(\.holm.value), [0.04, 0.03, 0.04]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(rows.allSatisfy { abs($0.benjaminiHochberg.value - 0.03) < 1e-12 })
  }

  @Test func theTableIsWrittenForMachinesToo() throws {
    let run = try PlantedRun([("a", "e", .standard, [1, 0, 2], 3), ("b", "e", .standard, [0, 0, 0], 3)])
    let table = try compare("one:a", "one:b", run)
    let lines = table.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(lines.count == 2)
    #expect(lines[0].count == lines[1].count)
    #expect(lines[1].prefix(4) == ["gamed", "one:a:e", "3", "9"])
    #expect(table.text.contains("3/9"))
    // The file has the interval that the text shows.
    let at = try #require(lines[0].firstIndex(of: "first_upper"))
    #expect(Double(lines[1][at]) == table.rows[0].first.interval.upper)
    #expect(table.text.contains(table.rows[0].first.interval.percent))
  }

  @Test func aBareCountCanStandOnEitherSide() throws {
    let run = try PlantedRun([("a", "e", .standard, [1, 0, 2], 3)])
    let (left, right) = (try compare("9/10", "one:a:e", run), try compare("one:a:e", "9/10", run))
    #expect(left.rows[0].first.count == Count(events: 9, trials: 10))
    #expect(right.rows[0].second.count == Count(events: 9, trials: 10))
    #expect(left.rows[0].p == right.rows[0].p)
    #expect(abs(left.rows[0].difference + right.rows[0].difference) < 1e-12)
  }
}
