import Foundation
import Runs
import Storage
import Testing

/// Runs that are stopped by a person, by a scheduler and by a crash, again and again, and started again each time.
@Suite(.serialized)
struct InterruptionTests {
  /// An experiment with each way of training, without its name and seed.
  enum Kind: String, CaseIterable, Sendable {
    case expertIteration, ppo

    var text: String {
      switch self {
      case .expertIteration: RunTests.experiment
      case .ppo:
        "name: tiny\nreplicates: 2\n" + ArmsRunTests.shared + """
          conditions:
            ppo:
              training: { algorithm: ppo, tokensPerBatch: 512 }
              reward: { preferenceWeight: 1, ordinaryShare: 0.5 }
          """
      }
    }
  }

  /// Everything that a run computes.
  private struct Computed: Equatable {
    var episodes: String
    var metrics: String
    var checkpoints: [String]

    init(_ program: Program) throws {
      let store = try RunStore(reading: program.folder.appending(path: "runs/tiny"))
      episodes = try store.episodesDigest()
      metrics = try store.metricsDigest()
      checkpoints = try store.checkpoints().map { "\($0.name) \($0.digest ?? "") \($0.path ?? "removed")" }
    }
  }

  /// Signals at random moments, in turn Ctrl-C, `kill` and SIGKILL. SUBTERFUGE_INTERRUPTIONS: how many that land, for each kind.
  @Test(arguments: Kind.allCases)
  func interruptedAtRandomARunEndsLikeAnUninterruptedOne(_ kind: Kind) async throws {
    let wanted = ProcessInfo.processInfo.environment["SUBTERFUGE_INTERRUPTIONS"].flatMap(Int.init) ?? 3
    let whole = try Program()
    try whole.write(kind.text, to: "tiny.yaml")
    let uninterrupted = try await whole.run("run", "tiny.yaml")
    try #require(uninterrupted.status == 0, "\(uninterrupted.error)")
    let expected = try Computed(whole)

    let program = try Program()
    try program.write(kind.text, to: "tiny.yaml")
    var interruptions: [(signal: Int32, after: Double)] = []
    while interruptions.count < wanted {
      let signal = [SIGINT, SIGTERM, SIGKILL][interruptions.count % 3]
      let delay = Double.random(in: 0.02..<max(0.1, uninterrupted.seconds / 2))
      let result = try await program.run(["run", "tiny.yaml"], killAfter: delay, signal: signal)
      if result.status == 0 {
        // It got to its end before the signal: begin once more, so that all of them are at work.
        #expect(try Computed(program) == expected, "after \(interruptions)")
        try FileManager.default.removeItem(at: program.folder.appending(path: "runs"))
        continue
      }
      interruptions.append((signal, delay))
      // Before the program listens, SIGINT and SIGTERM end it themselves.
      let ends = signal == SIGKILL ? [128 + SIGKILL] : [130, 128 + signal]
      try #require(ends.contains(result.status), "status \(result.status) after \(interruptions): \(result.error)")
    }
    let last = try await program.run("run", "tiny.yaml")
    #expect(last.status == 0 && last.output == uninterrupted.output, "after \(interruptions): \(last.error)")
    #expect(try Computed(program) == expected, "after \(interruptions)")
  }
}
