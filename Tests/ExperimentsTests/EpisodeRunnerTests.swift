import Dispatch
import Episodes
import Foundation
import Runs
import Storage
import Synchronization
import Testing

@testable import Experiments

/// Several works of one checkpoint are played as one stream, and reported one after another.
@Suite struct EpisodeRunnerTests {
  private static func keys(_ environment: String, _ variants: Range<Int>) -> [EpisodeKey] {
    variants.map {
      EpisodeKey(
        checkpoint: "start", environment: environment, arm: .standard, purpose: "evaluation", variant: $0, sample: 0)
    }
  }

  private static func works(_ context: RunContext) async throws -> [EpisodeWork] {
    let policy = try await context.policy("start")
    return try ["first", "second", "plain"].map {
      EpisodeWork(
        title: $0, keys: keys($0, 0..<5), environment: try context.environment($0), policy: { policy })
    }
  }

  /// The last episode of `first` waits for the last of `second`: played in turn, neither would end. Two are played at once, so
  /// that the other four of `second` are done by then.
  @Test func aWorkBeginsBeforeTheOneBeforeItEnds() async throws {
    let second = DispatchSemaphore(value: 0)
    let events = Mutex<[String]>([])
    var world = RoundWorld(
      experiment: smallExperiment(Condition(name: "a", curriculum: Curriculum(environments: ["first"]))),
      says: { _, prompt in
        if prompt == "second 4" { second.signal() }
        if prompt == "first 4", second.wait(timeout: .now() + 30) == .timedOut {
          throw ExperimentError("The second work was not played.")
        }
        return "yes"
      })
    world.experiment.sampling.concurrency = 2
    let ahead = Mutex<[Int: Int]>([:])
    world.report = { event in
      if case .advanced(let done, let more) = event { ahead.withLock { $0[done] = max($0[done] ?? 0, more) } }
      events.withLock { events in
        switch event {
        case .began(let title, let total, _): events.append("began \(title) \(total)")
        case .ended(let title): events.append("ended \(title)")
        case .alreadyDone(let title): events.append("already \(title)")
        default: break
        }
      }
    }
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    // What of the third was stored before stays as it is.
    let policy = try await context.policy("start")
    let stored = EpisodeWork(
      title: "before", keys: Self.keys("plain", 0..<5), environment: try context.environment("plain"),
      policy: { policy })
    try await context.episodes.run([stored])
    events.withLock { $0 = [] }
    try await context.episodes.run(Self.works(context))
    #expect(ahead.withLock { $0[4] ?? 0 } >= 4)
    let told = events.withLock { $0 }
    #expect(
      told.filter { !$0.hasPrefix("began second") } == [
        "began first 5", "ended first", "ended second", "already plain",
      ])
    #expect(told.count == 5 && told[2] == "began second 5")
    #expect(try context.store.count(EpisodeQuery(holding: [.honest])) == 15)
    try await context.episodes.run(Self.works(context))
    #expect(events.withLock { $0.suffix(3) } == ["already first", "already second", "already plain"])
  }

  /// The weights of a checkpoint whose episodes are all stored may be gone.
  @Test func aPolicyIsMadeWhenAnEpisodeIsOwed() async throws {
    let world = RoundWorld(
      experiment: smallExperiment(Condition(name: "a", curriculum: Curriculum(environments: ["first"]))),
      says: { _, _ in "yes" })
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    try await context.episodes.run(Self.works(context))
    func work(_ variants: Range<Int>) throws -> EpisodeWork {
      EpisodeWork(
        title: "again", keys: Self.keys("first", variants), environment: try context.environment("first"),
        policy: { throw ExperimentError("The weights are gone.") })
    }
    #expect(try await context.episodes.collect(work(0..<5)).count == 5)
    await #expect(throws: ExperimentError.self) { try await context.episodes.run([work(0..<6)]) }
  }

  /// A fault in one work ends all, and what was finished of any is stored.
  @Test func aFaultEndsAllWorksAndLosesNothing() async throws {
    let broken = Mutex(true)
    let world = RoundWorld(
      experiment: smallExperiment(Condition(name: "a", curriculum: Curriculum(environments: ["first"]))),
      says: { _, prompt in
        if prompt == "second 3", broken.withLock({ $0 }) { throw CancellationError() }
        return "yes"
      })
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    await #expect(throws: CancellationError.self) { try await context.episodes.run(Self.works(context)) }
    let before = try context.store.count(EpisodeQuery())
    #expect((5..<15).contains(before))
    broken.withLock { $0 = false }
    try await context.episodes.run(Self.works(context))
    #expect(try context.store.count(EpisodeQuery(holding: [.honest])) == 15)
  }
}
