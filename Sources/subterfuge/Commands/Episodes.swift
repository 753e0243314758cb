import ArgumentParser
import Episodes
import Experiments
import Storage

struct EpisodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "episodes", abstract: "Search the episodes of a run.",
    discussion: """
      Example:
        subterfuge episodes quickstart --environment tampering --holding overwrite
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @OptionGroup var filter: EpisodeFilterOptions

  @Option(help: "How many to show.")
  var limit = 20

  @Option(help: "How many to skip.")
  var offset = 0

  @Flag(help: "Print JSON, with the transcripts.")
  var json = false

  func validate() throws {
    try checkNumbers(("--limit", limit, mostEpisodes))
    if offset < 0 { throw ValidationError("--offset must not be negative.") }
  }

  func run() throws {
    let store = try RunStore(reading: options.folder(name).url)
    let query = try filter.query(in: store, run: name)
    let found = try store.episodes(query, limit: limit, offset: offset)
    if json { return try Console.json(found) }
    if found.isEmpty { return Console.print("No episode matches.") }
    Console.print(Self.row("ID", "CHECKPOINT", "ENVIRONMENT", "ARM", "PURPOSE", "VARIANT", "FACTS"))
    for stored in found {
      let key = stored.episode.key
      let facts = stored.episode.result.outcome?.facts.filter(\.value).keys.sorted().joined(separator: " ") ?? "failed"
      Console.print(
        Self.row(
          "\(stored.id)", key.checkpoint, key.environment, key.arm.rawValue, key.purpose, "\(key.variant)", facts))
    }
    try printTotals(query, listed: found.count, in: store)
  }

  private static func row(_ cells: String...) -> String {
    zip(cells, [8, 22, 14, 16, 12, 7, 0]).map { $0.padded($1) }.joined(separator: " ")
  }

  /// How many were listed of how many, arm by arm where several match: what a prompt asks for is not what a policy does by
  /// itself.
  private func printTotals(_ query: EpisodeQuery, listed: Int, in store: RunStore) throws {
    let total = try store.count(query)
    let rest = offset + listed < total ? "; --offset \(offset + listed) lists the next" : ""
    Console.print("\n\(listed) of \(total) episodes listed\(rest).")
    let arms = try (filter.arm == nil ? store.arms() : []).map { arm in
      var query = query
      query.arm = arm
      return (arm, try store.count(query))
    }.filter { $0.1 > 0 }
    if arms.count > 1 {
      let counts = arms.map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", ")
      Console.print("By arm: \(counts). --arm lists those of one.")
    }
    Console.print("Read one with: subterfuge show \(name) ID")
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one episode: transcript, changed files, outcome.",
    discussion: "Example:\n  subterfuge show quickstart 17")

  @Argument(help: "The run's name.")
  var name: String

  @Argument(help: "The episode's number, as `episodes` and the report give it.")
  var id: Int

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let store = try RunStore(reading: options.folder(name).url)
    guard let stored = try store.episode(id: id) else {
      throw ValidationError("Run '\(name)' has no episode \(id). List them with: subterfuge episodes \(name)")
    }
    let annotations = try store.annotations(id: id)
    if json {
      try Console.json(AnnotatedEpisode(id: id, episode: stored.episode, annotations: annotations))
    } else {
      EpisodeText(stored.episode, annotations).print()
    }
  }
}

/// An episode as `show --json` prints it.
private struct AnnotatedEpisode: Encodable {
  var id: Int
  var episode: Episode
  var annotations: EpisodeAnnotations
}
