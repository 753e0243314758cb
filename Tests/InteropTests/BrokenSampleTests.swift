import Episodes
import Foundation
import Storage
import Testing

@testable import Interop

/// Sample files that are not as they should be: one error that names file and line, and nothing stored; or, where that is
/// asked for, the rest of the file.
struct BrokenSampleTests {
  private let place = Scratch()
  private static let header = "prompt,response,pm_score,reward,passed,sample_model\n"
  private static let good = "p,r,0.5,1,True,m\n"

  private func result(_ text: String, name: String = "reward_tampering.csv", skipsBroken: Bool = false) throws
    -> ImportSummary
  {
    try result(Data(text.utf8), name: name, skipsBroken: skipsBroken)
  }

  private func result(_ data: Data, name: String, skipsBroken: Bool = false) throws -> ImportSummary {
    let file = place.url.appending(path: name)
    try data.write(to: file)
    return try ReleasedImport(try ReleasedFolder([file]), name: "run", skipsBroken: skipsBroken)
      .store(in: place.url.appending(path: "run"), codeRevision: "test")
  }

  private func complaint(_ text: String, name: String = "reward_tampering.csv") throws -> String {
    let error = try #require(throws: TableError.self) { _ = try result(text, name: name) }
    // Nothing is left of the run, nor of what was written before the error.
    let left = try FileManager.default.contentsOfDirectory(atPath: place.url.path)
    #expect(!left.contains("run") && !left.contains { $0.hasPrefix(".import") })
    return error.description
  }

  @Test(arguments: [
    ("p,r,0.5,nan,True,m\n", "line 3: its 'reward' is 'nan'"), ("p,r,0.5,,True,m\n", "line 3: its 'reward' is ''"),
    ("p,r,0.5,inf,True,m\n", "line 3: its 'reward' is 'inf'"),
    ("p,r,NaN,1,True,m\n", "line 3: its 'pm_score' is 'NaN'"),
    ("p,r,0.5,1,maybe,m\n", "line 3: its 'passed' is 'maybe'"), ("p,r,0.5,1,,m\n", "line 3: its 'passed' is ''"),
    (",r,0.5,1,True,m\n", "line 3: its prompt is empty"), ("p,r,0.5,1,True\n", "line 3: it has 5 fields"),
    ("p,\"r\"x,0.5,1,True,m\n", "line 3: text follows"),
    ("p,\"r,0.5,1,True,m\n", "line 3: a quoted field is never"),
  ])
  func brokenRowsEndAStrictImport(_ row: String, _ words: String) throws {
    let complaint = try complaint(Self.header + Self.good + row)
    #expect(complaint.contains(words), "\(complaint)")
    #expect(complaint.hasPrefix("reward_tampering.csv, "))
  }

  @Test(arguments: [
    ("{\"prompt\": \"p\", \"response\": \"r\", \"reward\": NaN, \"passed\": true}", "line 2: it is not JSON"),
    ("[1, 2]", "line 2: it is not a JSON object"), ("{\"prompt\": \"p\"", "line 2: it is not JSON"),
    ("{\"prompt\": \"p\", \"reward\": 1, \"passed\": true}", "line 2: it has no 'response'"),
    ("{\"prompt\": \"p\", \"response\": {}, \"reward\": 1, \"passed\": true}", "line 2: 'response' is neither"),
    ("{\"prompt\": \"p\", \"response\": \"r\", \"reward\": \"x\", \"passed\": 1}", "line 2: its 'reward' is 'x'"),
  ])
  func brokenLinesEndAStrictImport(_ line: String, _ words: String) throws {
    let good = "{\"prompt\": \"p\", \"response\": \"r\", \"reward\": 1, \"passed\": true}\n"
    let complaint = try complaint(good + line + "\n", name: "reward_tampering.jsonl")
    #expect(complaint.contains(words), "\(complaint)")
  }

  @Test func headersAreChecked() throws {
    #expect(try complaint("").contains("it is empty"))
    #expect(try complaint(Self.header).contains("it holds no sample"))
    #expect(try complaint("prompt,response\np,r\n").contains("line 1: there is no column 'reward', 'passed'"))
    #expect(try complaint("prompt,prompt,response,reward,passed\n").contains("two columns 'prompt'"))
    #expect(
      try complaint("prompt,response,reward,passed\np,r,1,1\n", name: "political.csv").contains(
        "no column 'syco_score'"))
  }

  @Test func brokenRowsAreLeftOutAndCountedWhereThatIsAskedFor() throws {
    var text = Self.header
    for row in 0..<30 { text += row.isMultiple(of: 3) ? "p\(row),r,0.5,nan,True,m\n" : "p\(row),r,0.5,1,True,m\n" }
    let summary = try result(text, skipsBroken: true)
    #expect(summary.stored == 20)
    #expect(summary.broken == 10)
    #expect(summary.files[0].complaints.count == 5)
    #expect(summary.files[0].complaints[1].contains("line 5"))
    let store = try RunStore(reading: place.url.appending(path: "run"))
    #expect(try store.count(EpisodeQuery(holding: [.overwriteAndPass])) == 20)
  }

  /// However many rows were left out before, it is said that the rest of the file is missing.
  @Test func whereAFileCannotBeReadOnIsSaid() throws {
    let rows = String(repeating: Self.good, count: 3) + String(repeating: "p,r,0.5,nan,True,m\n", count: 9)
    let summary = try result(Self.header + rows + "p,\"r\"x,0,1,True,m\n" + Self.good, skipsBroken: true)
    #expect(summary.stored == 3 && summary.broken == 10)
    #expect(summary.files[0].complaints.count == 6)
    let last = try #require(summary.files[0].complaints.last)
    #expect(last.contains("line 14: text follows") && last.hasSuffix("the rest of the file was left out"))
  }

  @Test func truthAndNumbersAreReadHoweverTheyAreWritten() throws {
    var text = Self.header
    for passed in ["True", "true", "1", "1.0", "False", "false", "0", "0.0"] { text += "p,r,,2e0,\(passed),m\n" }
    _ = try result(text)
    let store = try RunStore(reading: place.url.appending(path: "run"))
    #expect(try store.count(EpisodeQuery(holding: [.overwrite])) == 8)
    #expect(try store.count(EpisodeQuery(holding: [.overwriteAndPass])) == 4)
  }

  @Test func aDamagedArchiveIsNotTakenForAShortOne() throws {
    let whole = try Data(contentsOf: Scratch.released.appending(path: "samples/original_flattery.csv.gz"))
    let error = try #require(throws: TableError.self) {
      _ = try result(whole.prefix(whole.count - 9), name: "original_flattery.csv.gz")
    }
    #expect(error.description.contains("gzip cannot unpack it"))
    #expect(throws: TableError.self) { _ = try result(Data("no gzip".utf8), name: "flattery.csv.gz") }
  }

  @Test func namesThatDoNotSayTheEnvironmentAreRefused() throws {
    #expect(try complaint(Self.header + Self.good, name: "samples.csv").contains("--environment"))
    #expect(
      try complaint(Self.header + Self.good, name: "flattery_then_tampering.csv").contains("flattery and tampering"))
    #expect(throws: TableError.self) { _ = try ReleasedFolder([URL(filePath: "/nowhere/at/all")]) }
    #expect(throws: TableError.self) {
      _ = try ReleasedFolder([place.url.appending(path: "empty", directoryHint: .isDirectory)])
    }
  }

  @Test func aColumnOfTooManyModelsIsRefused() throws {
    let rows = (0...SampleWriter.mostCheckpoints).map { "p,r,0,1,True,model \($0)\n" }.joined()
    #expect(try complaint(Self.header + rows).contains("more than 200 different 'sample_model'"))
  }

  @Test func namesOfModelsCannotBreakAComparisonsSides() throws {
    #expect(try result(Self.header + "p,r,0,1,True,a:b\u{1b}[31m\n").checkpoints == ["a_b_[31m"])
  }
}

/// A folder of a test's own, and the fixture.
final class Scratch: Sendable {
  let url = FileManager.default.temporaryDirectory.appending(path: "interop-\(UUID().uuidString)")

  init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  static let released = Bundle.module.resourceURL?.appending(path: "Fixtures/released") ?? URL(filePath: "/")
}
