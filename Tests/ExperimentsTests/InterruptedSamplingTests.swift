import Environments
import Episodes
import Foundation
import LanguageModels
import Policies
import Runs
import Sandboxing
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Experiments

/// Ctrl-C in the middle of sampling.
@Suite struct InterruptedSamplingTests {
  /// A policy that interrupts its task at one of its generations: before it, or while it writes.
  private struct InterruptingPolicy: Policy {
    let policy: LocalPolicy
    let interruption: Interruption
    var name: String { policy.name }
    var promptStyle: PromptStyle { policy.promptStyle }

    func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
      InterruptingSession(session: try await policy.begin(prompt, seed: seed), interruption: interruption)
    }
  }

  private struct InterruptingSession: PolicySession {
    let session: any PolicySession
    let interruption: Interruption
    var prompt: Segment { session.prompt }

    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      interruption.count()
      let written = try await session.generate(injecting: injected, stops: stops, maxTokens: maxTokens)
      interruption.count()
      return written
    }

    func end() async { await session.end() }
  }

  /// Cancels a task after so many counts, some microseconds later.
  private final class Interruption: Sendable {
    private struct State {
      var left: Int
      var delay: Int
      var cancel: (@Sendable () -> Void)?
    }
    private let state: Mutex<State>

    init(after count: Int, delay: Int) { state = Mutex(State(left: count, delay: delay)) }

    func aim(at cancel: @escaping @Sendable () -> Void) { state.withLock { $0.cancel = cancel } }

    func count() {
      let (cancel, delay) = state.withLock { state -> ((@Sendable () -> Void)?, Int) in
        state.left -= 1
        return (state.left == 0 ? state.cancel : nil, state.delay)
      }
      guard let cancel else { return }
      if delay == 0 { return cancel() }
      Task {
        try? await Task.sleep(for: .microseconds(delay))
        cancel()
      }
    }
  }

  private static func runner() throws -> EpisodeRunner {
    let folder = FileManager.default.temporaryDirectory.appending(path: "interrupted-" + UUID().uuidString)
    let store = try RunStore(in: folder, configuration: PlainRun(name: "test"), codeRevision: "abc")
    try store.record(CheckpointRecord(name: "start"))
    return EpisodeRunner(store: store, root: Seed(1), concurrency: 6, report: { _ in })
  }

  private static let keys = (0..<24).map {
    EpisodeKey(
      checkpoint: "start", environment: "nudged", arm: .standard, purpose: "train", variant: $0 % 8, sample: $0 / 8)
  }

  /// Two works, of which the second begins before the first has ended.
  private static func works(_ environment: any Environment, _ policy: any Policy) -> [EpisodeWork] {
    [Array(keys.prefix(14)), Array(keys.dropFirst(14))].map {
      EpisodeWork(title: "part", keys: $0, environment: environment, policy: { policy })
    }
  }

  @Test(
    "A run that is interrupted again and again stores no failed episode, and ends as if it had not been",
    .timeLimit(.minutes(10)))
  func resumed() async throws {
    let environment = FolderEnvironment(try EnvironmentCatalogue.load("nudged"), sandbox: try await Sandbox())
    let checkpoint = try ModelCheckpoint(contentsOf: ModelCheckpoint.shippedSeedling)
    // Fewer places than episodes alive, so that some of them wait for a place when the signal comes.
    let policy = LocalPolicy(name: "start", engine: try SamplingEngine(checkpoint, options: .init(rows: 4)))

    let whole = try Self.runner()
    try await whole.run(Self.works(environment, policy))
    let parts = try Self.runner()
    var generator = SeededGenerator(Seed(5))
    var interruptions = 0
    for round in 0..<60 {
      let interruption = Interruption(
        after: .random(in: 1...12, using: &generator),
        delay: round % 3 == 0 ? 0 : .random(in: 1...20_000, using: &generator))
      let task = Task {
        try await parts.run(
          Self.works(environment, InterruptingPolicy(policy: policy, interruption: interruption)))
      }
      interruption.aim { task.cancel() }
      do {
        try await task.value
        break
      } catch {
        #expect(error is CancellationError)
        interruptions += 1
      }
    }
    #expect(interruptions >= 5)
    try await parts.run(Self.works(environment, policy))
    #expect(try parts.store.episodes(Self.keys).count { $0.result.outcome == nil } == 0)
    #expect(
      try parts.store.episodesDigest(logProbabilities: true) == whole.store.episodesDigest(logProbabilities: true))
    // No place was lost on the way.
    let rows = try await (0..<4).asyncMap { index in
      try await policy.begin(Prompt(messages: [Message(.user, "go")]), seed: Seed(UInt64(index)))
    }
    for row in rows { await row.end() }
  }
}

extension Sequence where Element: Sendable {
  fileprivate func asyncMap<Value: Sendable>(_ transform: (Element) async throws -> Value) async throws -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
