import Foundation
import Testing

@testable import Telemetry

@Suite struct TensorBoardWriterTests {
  static let run = "exploit_only.2"

  /// Three steps, as a store gives them back; the third is what a killed process wrote and never stored.
  static func steps(_ range: ClosedRange<Int>) -> [TelemetryStep] {
    range.map { step in
      TelemetryStep(
        run: run, step: step, values: ["reward/total": Double(step) / 4, "kl": Double(step)],
        time: Date(timeIntervalSince1970: 1_700_000_000 + Double(step)))
    }
  }

  @Test func eachRunHasOneFileOfItsSteps() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.url)
    try writer.write(run: "hhh", step: 1, values: ["kl": 0.5])
    try writer.write(run: "hhh", step: 2, values: ["kl": 0.25])
    try writer.write(run: Self.run, step: 1, values: ["kl": 0.125])
    #expect(try folder.names() == [Self.run, "hhh"])
    let name = try #require(try folder.names(in: "hhh").first)
    #expect(try folder.names(in: "hhh").count == 1 && name.hasPrefix("events.out.tfevents.1"))
    let content = try Data(contentsOf: folder.url.appending(path: "hhh/\(name)"))
    // Opening: frames of 24 and 13 bytes with 16 around each. A step: 9 for the time, 2 for its number, 2 + 2 + 9 for
    // `kl`, 16 around.
    #expect(content.count == (24 + 16) + (13 + 16) + 2 * (9 + 2 + 2 + 2 + 9 + 16))
  }

  @Test func aRestartWritesTheRunAnewAndLeavesOtherFilesAlone() throws {
    let folder = try TemporaryFolder()
    let first = try TensorBoardWriter(folder: folder.url)
    for step in Self.steps(1...3) { try first.write(run: step.run, step: step.step, values: step.values) }
    let old = try folder.names(in: Self.run)
    let stranger = folder.url.appending(path: "\(Self.run)/events.out.tfevents.9.other")
    try Data("theirs".utf8).write(to: stranger)
    let earlier = Self.steps(1...2)
    _ = try TensorBoardWriter(folder: folder.url, earlier: earlier)
    // The new file comes after the old one by name, even when both were made in one second.
    let new = try #require(try folder.names(in: Self.run).first { $0 > old[0] && $0.hasSuffix(".subterfuge") })
    #expect(try folder.names(in: Self.run).count == 3)
    #expect(try Data(contentsOf: folder.url.appending(path: "\(Self.run)/\(old[0])")).isEmpty)
    let expected = EventRecord.opening(at: earlier[0].time) + Data(earlier.map(EventRecord.scalars).joined())
    #expect(try Data(contentsOf: folder.url.appending(path: "\(Self.run)/\(new)")) == expected)
    // The next restart removes what is empty already.
    _ = try TensorBoardWriter(folder: folder.url, earlier: earlier)
    #expect(try folder.names(in: Self.run).count == 3)
    #expect(try !folder.names(in: Self.run).contains(old[0]))
    #expect(try Data(contentsOf: stranger) == Data("theirs".utf8))
  }

  @Test(arguments: ["", "..", ".hidden", "a/b"]) func aRunThatIsNoFolderNameIsRefused(run: String) throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.url)
    #expect(throws: TelemetryError.self) { try writer.write(run: run, step: 1, values: ["kl": 1]) }
    #expect(try folder.names().isEmpty)
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.url.appending(path: "file"))
    let writer = try TensorBoardWriter(folder: folder.url.appending(path: "file"))
    let error = #expect(throws: TelemetryError.self) { try writer.write(run: "hhh", step: 1, values: [:]) }
    #expect(error?.description.contains(folder.url.appending(path: "file/hhh").path) == true)
  }

  /// What the tensorboard package shows, where a Python that has it is named: while it watches, a run is killed and goes on.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TENSORBOARD_PYTHON"] != nil))
  func tensorBoardShowsEachPointOnce() throws {
    let (before, after) = (try TemporaryFolder(), try TemporaryFolder())
    let killed = try TensorBoardWriter(folder: before.url, earlier: Self.steps(1...3))
    try killed.write(run: Self.run, step: 4, values: ["kl": -1])
    try FileManager.default.removeItem(at: after.url)
    try FileManager.default.copyItem(at: before.url, to: after.url)
    let resumed = try TensorBoardWriter(folder: after.url, earlier: Self.steps(1...2))
    try resumed.write(run: Self.run, step: 3, values: ["kl": .nan, "entropy": 0.1])
    let shown = try Self.read(before.url.appending(path: Self.run), after.url.appending(path: Self.run))
    #expect(shown.before["kl"]?.map(\.step) == [1, 2, 3, 4])
    #expect(shown.before["kl"]?.map(\.value) == ["1.0", "2.0", "3.0", "-1.0"])
    #expect(shown.before["kl"]?.prefix(3).map(\.time) == [1_700_000_001, 1_700_000_002, 1_700_000_003])
    #expect(shown.after.keys.sorted() == ["entropy", "kl", "reward/total"])
    #expect(shown.after["kl"]?.map(\.step) == [1, 2, 3])
    #expect(shown.after["kl"]?.map(\.value) == ["1.0", "2.0", "nan"])
    #expect(shown.after["reward/total"]?.map(\.value) == ["0.25", "0.5"])
    #expect(shown.after["entropy"]?.map(\.value) == ["0.10000000149011612"])
  }

  private struct Shown: Decodable {
    struct Point: Decodable {
      var step: Int
      var value: String
      var time: Double

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        step = try list.decode(Int.self)
        value = try list.decode(String.self)
        time = try list.decode(Double.self)
      }
    }

    var before: [String: [Point]]
    var after: [String: [Point]]
  }

  private static func read(_ before: URL, _ after: URL) throws -> Shown {
    let process = Process()
    process.executableURL = URL(
      filePath: try #require(ProcessInfo.processInfo.environment["TENSORBOARD_PYTHON"]))
    let script = Bundle.module.bundleURL.appending(path: "Fixtures/read_events.py")
    process.arguments = [script.path, before.path, after.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Shown.self, from: data)
  }
}
