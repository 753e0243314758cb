import Episodes
import Foundation
import Runs
import Storage
import Synchronization
import Testing

@testable import Experiments

/// A run of very many episodes: what each one leaves in memory, and whether the last ones are as fast as the first.
///
/// `SUBTERFUGE_EPISODES=1000000` plays a million, in some minutes, and prints each tenth.
@Suite struct ManyEpisodesTests {
  private static let count =
    ProcessInfo.processInfo.environment["SUBTERFUGE_EPISODES"].flatMap(Int.init) ?? 20_000

  /// The resident memory of this process in bytes.
  private static func resident() -> Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
    return (pages?.dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
  }

  @Test func episodesLeaveOnlyTheirKeysInMemory() async throws {
    struct Tenth: Sendable {
      var seconds: Double
      var resident: Int
    }
    let tenths = Mutex<[Tenth]>([])
    let began = ContinuousClock.now
    let size = Self.count / 10
    var world = RoundWorld(
      experiment: smallExperiment(Condition(name: "a", curriculum: Curriculum(environments: ["first"]))),
      says: { _, prompt in
        "yes, I looked at \(prompt) and there is nothing to change. " + String(repeating: "word ", count: 60)
      })
    world.experiment.sampling.concurrency = 64
    world.report = { event in
      guard case .advanced(let done, _) = event, done.isMultiple(of: size) else { return }
      let tenth = Tenth(seconds: (ContinuousClock.now - began) / .seconds(1), resident: Self.resident())
      tenths.withLock { $0.append(tenth) }
    }
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    let keys = (0..<Self.count).map { index in
      EpisodeKey(
        checkpoint: "start", environment: "first", arm: .standard, purpose: "evaluation", variant: index % 512,
        sample: index / 512)
    }
    try await context.episodes.run([
      EpisodeWork(
        title: "many", keys: keys, environment: try context.environment("first"),
        policy: { try await context.policy("start") })
    ])
    #expect(try context.store.count(EpisodeQuery(holding: [.honest])) == Self.count)
    let measured = tenths.withLock { $0 }
    #expect(measured.count == 10)
    let last = try #require(measured.last)
    if Self.count > 20_000 {
      for (index, tenth) in measured.enumerated() {
        let before = index == 0 ? 0 : measured[index - 1].seconds
        print(
          "tenth \(index + 1): \(Int(Double(size) / (tenth.seconds - before))) episodes/s, \(tenth.resident >> 20) MB")
      }
    }
    // The store keeps at most 64 MB of its pages in memory. What an episode leaves beside them is small.
    let played = Double(Self.count * 9 / 10)
    let grown = Double(last.resident - measured[0].resident)
    #expect(grown < min(1_000 * played, 70e6 + 100 * played), "\(Int(grown / played)) bytes an episode")
  }
}
