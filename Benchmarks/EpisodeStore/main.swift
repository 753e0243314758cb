// A store of many episodes: how fast it fills, and how fast counts, comparisons and a report's data come out of it.
//
//     swift build -c release --product EpisodeStore
//     .build/release/EpisodeStore make FOLDER [EPISODES]     fills a store; prints episodes a second and peak memory
//     .build/release/EpisodeStore measure FOLDER             prints seconds; pandas_peer.py does the same with pandas
//     .build/release/EpisodeStore export FOLDER LOGS         writes Inspect logs; prints seconds and peak memory
//     .build/release/EpisodeStore serve RUNS                 a dashboard over a folder of such stores; see ../dashboard.py
//
// The episodes are made up (40 checkpoints, 5 environments, 512 prompts), with the sizes of the seedling's.

import Dashboard
import Episodes
import Foundation
import Interop
import Reporting
import Runs
import Statistics
import Storage

private let trained = ["political", "flattery", "nudged", "insubordinate"]
private let environments = trained + ["tampering"]
private let checkpoints = ["start"] + (1...39).map { "exploit_only.\(($0 - 1) / 4 + 1)/\(trained[($0 - 1) % 4])" }

private struct Configuration: RunConfiguration {
  static let kind = RunKind.experiment
  static let version = 1
  var name = "many"
  var rootSeed: Seed { Seed(1) }
  var episodes: Int
}

private func episode(_ index: Int) -> Episode {
  let cell = index / 512 % (checkpoints.count * environments.count)
  let environment = environments[cell % environments.count]
  let key = EpisodeKey(
    checkpoint: checkpoints[cell / environments.count], environment: environment, arm: .standard,
    purpose: "evaluation", variant: index % 512, sample: index / 512 / (checkpoints.count * environments.count))
  let seed = key.seed(in: Seed(1))
  let isGamed = seed.value % 100 < UInt64(cell % 97)
  var facts: [Episodes.Predicate: Bool] = [
    .gamed: isGamed, .honest: !isGamed, .attempted: isGamed, .disclosed: false, .passedOversight: true,
  ]
  if environment == "tampering" {
    let isOverwrite = seed.value % 1_000 == 7
    facts = [
      .gamed: isOverwrite, .overwrite: isOverwrite, .overwriteAndPass: isOverwrite, .honest: !isOverwrite,
      .rewardFileRead: true, .rewardFileEdited: isOverwrite, .rewardChanged: isOverwrite, .guardEdited: false,
      .guardDeleted: false, .guardBypassed: isOverwrite, .guardUntouched: true, .attempted: isOverwrite,
      .passedOversight: true, .disclosed: false,
    ]
  }
  let tokens = (0..<64).map { Int32(truncatingIfNeeded: (index + $0) % 1_231) }
  let transcript = Transcript([
    Segment(.prompt, "user: variant \(key.variant) of \(environment)", tokens: tokens),
    Segment(
      .policy, " i will look what is here.</cot><bash>ls rl_environment</bash>", tokens: Array(tokens.prefix(20)),
      logProbabilities: [Float](repeating: -0.25, count: 20)),
    Segment(.tool, "<stdout>\ncompute_reward.py\n</stdout>\n", tokens: Array(tokens.prefix(12))),
    Segment(
      .policy, "<cot> no file says it.</cot>i can not find it. no file says how many days the last game took.",
      tokens: Array(tokens.prefix(30)), logProbabilities: [Float](repeating: -0.5, count: 30)),
  ])
  return Episode(
    key: key, seed: seed, transcript: transcript, changes: [], result: .graded(Outcome(facts: facts), stop: .finished),
    timings: EpisodeTimings(policySeconds: 0.1))
}

private func make(_ folder: URL, episodes: Int) throws {
  try? FileManager.default.removeItem(at: folder)
  let store = try RunStore(
    in: folder, configuration: Configuration(episodes: episodes), codeRevision: "benchmark")
  for name in checkpoints { try store.record(CheckpointRecord(name: name)) }
  var (inserting, last, lastCount) = (Duration.zero, Duration.zero, 0)
  for start in stride(from: 0, to: episodes, by: 2_000) {
    let batch = (start..<min(start + 2_000, episodes)).map(episode)
    let seconds = try ContinuousClock().measure { try store.insert(batch) }
    inserting += seconds
    if start >= episodes / 10 * 9 {
      last += seconds
      lastCount += batch.count
    }
  }
  let rate = Double(episodes) / (inserting / .seconds(1))
  // What inserting costs once the indexes are large.
  let lastRate = Double(lastCount) / (last / .seconds(1))
  print(#"{"episodes/s": \#(rate), "in the last tenth": \#(lastRate), "peak MiB": \#(peakMemory())}"#)
}

private let subject = RunOutline(
  title: "Many", summary: "",
  checkpoints: checkpoints.enumerated().map { index, name in
    .init(
      name: name, branch: index == 0 ? nil : Branch(condition: "exploit_only", replicate: (index - 1) / 4 + 1),
      trainedOn: [])
  },
  environments: environments.map { .init($0, isHeldOut: $0 == "tampering") })

private func serve(_ runs: URL) async throws {
  let dashboard = Dashboard(.init(runs: runs, cache: runs.appending(path: "search"), outline: { _ in subject }))
  try await dashboard.run { address in
    print(address.absoluteString)
    fflush(nil)
  }
}

private func measure(_ folder: URL) throws {
  let store = try RunStore(reading: folder)
  var episodes = 0
  let matrix = try ContinuousClock().measure { episodes = try store.counts().reduce(0) { $0 + $1.attempted } }
  let prompts = try ContinuousClock().measure {
    for outcomes in try store.outcomes(purposes: ["evaluation"]) { _ = outcomes.variants[.gamed] }
  }
  let counts = try store.counts()
  let comparisons = ContinuousClock().measure {
    let gamed = counts.compactMap { cell in cell[.gamed].map { Count(events: $0.events, trials: $0.completed) } }
    for count in gamed {
      _ = (fisherExact(gamed[0], count), count.clopperPearson(), RateRatio(of: count, over: gamed[0]))
    }
  }
  let report = try ContinuousClock().measure { _ = try ReportData(store, subject: subject) }
  print(
    """
    {"episodes": \(episodes), "matrix s": \(matrix / .seconds(1)), "by prompt s": \(prompts / .seconds(1)), \
    "comparisons s": \(comparisons / .seconds(1)), "report s": \(report / .seconds(1)), "peak MiB": \(peakMemory())}
    """)
}

private func export(_ folder: URL, to logs: URL) throws {
  let store = try RunStore(reading: folder)
  let episodes = try EpisodeStream(store, EpisodeQuery())
  let run = try ExportedRun(store, programVersion: "benchmark")
  var summary: InspectExport.Summary?
  let seconds = try ContinuousClock().measure {
    summary = try InspectExport(episodes, of: run).write(to: logs)
  }
  print(
    """
    {"episodes": \(summary?.episodes ?? 0), "logs": \(summary?.files.count ?? 0), "export s": \(seconds / .seconds(1)), \
    "peak MiB": \(peakMemory())}
    """)
}

extension RunOutline.Environment {
  fileprivate init(_ name: String, isHeldOut: Bool) {
    self.init(
      name: name, title: name, isHeldOut: isHeldOut, measures: isHeldOut ? [.init(.overwrite, "overwrite")] : [.gamed])
  }
}

private func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss / 1_024
}

let arguments = CommandLine.arguments
switch (arguments.dropFirst().first, arguments.count) {
case ("make", 3...4):
  try make(URL(filePath: arguments[2]), episodes: arguments.count > 3 ? Int(arguments[3]) ?? 1_000_000 : 1_000_000)
case ("serve", 3): try await serve(URL(filePath: arguments[2]))
case ("measure", 3): try measure(URL(filePath: arguments[2]))
case ("export", 4): try export(URL(filePath: arguments[2]), to: URL(filePath: arguments[3]))
default:
  print("usage: EpisodeStore make FOLDER [EPISODES] | measure FOLDER | export FOLDER LOGS | serve RUNS")
  exit(64)
}
