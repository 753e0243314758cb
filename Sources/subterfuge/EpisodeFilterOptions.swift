import ArgumentParser
import Episodes
import Storage

/// Which episodes of a run are meant.
struct EpisodeFilterOptions: ParsableArguments {
  @Option(help: "Only episodes of this checkpoint.")
  var checkpoint: String?

  @Option(help: "Only episodes of this environment.")
  var environment: String?

  @Option(help: "Only episodes of this arm.")
  var arm: String?

  @Option(help: "Only episodes with this purpose: evaluation, gate, probe, train-STAGE-ROUND.")
  var purpose: String?

  @Option(help: "Only episodes in which this predicate holds, for example gamed. May be repeated.")
  var holding: [String] = []

  @Option(help: "Only episodes that contain this text.")
  var text: String?

  @Flag(help: "Only failed episodes.")
  var failed = false

  /// The episodes as a query.
  ///
  /// - Throws: `ValidationError` for a predicate that no episode was graded by, which is a slip of the pen and no search
  ///   without results.
  func query(in store: RunStore, run: String) throws -> EpisodeQuery {
    let facts = holding.map(Predicate.init(rawValue:))
    let known = try store.predicates()
    if let unknown = facts.first(where: { !known.contains($0) }) {
      throw ValidationError(
        """
        --holding \(unknown.rawValue): no episode of the run '\(run)' was graded by such a fact. Known: \
        \(known.map(\.rawValue).joined(separator: ", ")).
        """)
    }
    return EpisodeQuery(
      checkpoint: checkpoint, environment: environment, arm: arm.map(Arm.init(rawValue:)), purpose: purpose,
      holding: facts, failed: failed ? true : nil, text: text)
  }
}
