import ArgumentParser
import Dashboard
import Episodes
import Experiments
import Foundation
import LanguageModels
import Storage
import Training

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a dashboard over the runs folder in the browser.",
    discussion: """
      Prints the address to open. The address holds a token, and requests without it are rejected. The dashboard shows runs while \
      they are in progress, never changes them, and only serves this machine unless --host says otherwise. With --label-as, \
      the named rater can label episodes in the browser, blind, as with `label`.

      Example:
        subterfuge serve
        subterfuge serve --port 8080 --label-as anna
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port: UInt16 = 0

  @Option(help: "Let this rater label episodes; without it the dashboard is read-only.")
  var labelAs: String?

  func validate() throws {
    if let labelAs { try RaterOption.check(labelAs, option: "--label-as") }
  }

  func run() async throws {
    let tokenizers = CheckpointTokenizers()
    let dashboard = Dashboard(
      .init(
        runs: URL(fileURLWithPath: options.runs), host: host, port: port, rater: labelAs,
        cache: Self.searchFolder, outline: { try $0.outline() },
        spelling: { tokenizers.spelling($0) }, trainerScores: Self.trainerScores))
    let isLocal = ["127.0.0.1", "localhost", "::1"].contains(host)
    try await dashboard.run { address in
      Console.print(address.absoluteString)
      if !isLocal {
        Console.error("Other machines can reach this address, and anyone who sees the token can read every run.")
      }
      Console.error("Press Ctrl-C to stop.")
    }
  }

  /// Reads the transcript once with the checkpoint's weights, as the trainer does before a round.
  @Sendable private static func trainerScores(
    _ store: RunStore, _ checkpoint: URL, _ transcript: Transcript
  ) throws -> [Float] {
    let temperature = try StoredConfiguration(of: store).sampled?.sampling.temperature ?? 1
    // Greedy samples have their probability at temperature 1.
    let scorer = try RolloutScorer(
      ModelCatalogue().checkpoint(named: checkpoint.path), temperature: temperature > 0 ? Float(temperature) : 1)
    return try scorer.logProbabilities(of: [Rollout(transcript)]).first ?? []
  }

  /// Search indexes are a cache: they can be deleted at any time.
  private static var searchFolder: URL {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"].map { URL(filePath: $0) } ?? URL.homeDirectory.appending(path: ".cache")
    return cache.appending(path: "subterfuge/search")
  }
}
