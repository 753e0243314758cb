import Foundation
import Telemetry
import Testing

@Suite struct JSONLinesWriterTests {
  private static func objects(_ file: URL) throws -> [NSDictionary] {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    return try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }
  }

  @Test func aStepIsOneLine() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "deep/telemetry.jsonl")
    let step = TelemetryStep(
      run: "exploit_only.2", step: 7, values: ["reward/total": 1.5, "kl": 0.0125],
      time: Date(timeIntervalSince1970: 1_763_721_840))
    _ = try JSONLinesWriter(file: file, earlier: [step])
    let line = #"{"kl":0.0125,"reward/total":1.5,"run":"exploit_only.2","step":7,"time":"2025-11-21T10:44:00Z"}"#
    #expect(try String(contentsOf: file, encoding: .utf8) == line + "\n")
  }

  /// What JSON cannot say is named, and never turned into a number.
  @Test func valuesThatAreNotFiniteAreLeftOutAndNamed() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "telemetry.jsonl")
    let writer = try JSONLinesWriter(file: file)
    try writer.write(run: "a", step: 1, values: ["loss": .infinity, "explained_variance": .nan, "kl": 1e300])
    let object = try #require(try Self.objects(file).first)
    #expect(object["not_finite"] as? [String] == ["explained_variance", "loss"])
    #expect(object["kl"] as? Double == 1e300 && object["loss"] == nil && object["explained_variance"] == nil)
  }

  /// A killed process left a step that the store does not know and half of another one.
  @Test func aRestartRepairsTheFile() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "telemetry.jsonl")
    let first = try JSONLinesWriter(file: file)
    for step in 1...3 { try first.write(run: "a", step: step, values: ["kl": Double(step)]) }
    let torn = try Data(contentsOf: file) + Data(#"{"kl":4,"ru"#.utf8)
    try torn.write(to: file)
    let earlier = (1...2).map { TelemetryStep(run: "a", step: $0, values: ["kl": Double($0)]) }
    let second = try JSONLinesWriter(file: file, earlier: earlier)
    for step in 3...4 { try second.write(run: "a", step: step, values: ["kl": Double(step)]) }
    let objects = try Self.objects(file)
    #expect(objects.map { $0["step"] as? Int } == [1, 2, 3, 4])
    #expect(objects.map { $0["kl"] as? Double } == [1, 2, 3, 4])
  }

  @Test(arguments: ["run", "step", "time", "not_finite"]) func aSeriesCannotHideTheStep(name: String) throws {
    let folder = try TemporaryFolder()
    let writer = try JSONLinesWriter(file: folder.url.appending(path: "telemetry.jsonl"))
    #expect(throws: TelemetryError.self) { try writer.write(run: "a", step: 1, values: [name: 1]) }
  }

  @Test func severalWritersReceiveEveryStep() throws {
    let folder = try TemporaryFolder()
    let files = ["one", "two"].map { folder.url.appending(path: $0) }
    let writers = TelemetryWriters(try files.map { try JSONLinesWriter(file: $0) })
    try writers.write(run: "a", step: 1, values: ["kl": 1])
    try writers.write(run: "b", step: 1, values: ["kl": 2])
    for file in files { #expect(try Self.objects(file).map { $0["run"] as? String } == ["a", "b"]) }
  }
}
