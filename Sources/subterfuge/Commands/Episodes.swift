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

  @Option(help: "Only this checkpoint's.")
  var checkpoint: String?

  @Option(help: "Only of this environment.")
  var environment: String?

  @Option(help: "Only of this arm.")
  var arm: String?

  @Option(help: "Only with this purpose: evaluation, gate, probe, train-STAGE-ROUND.")
  var purpose: String?

  @Option(help: "Only where this predicate holds, for example gamed. May be repeated.")
  var holding: [String] = []

  @Option(help: "Only where this text was said.")
  var text: String?

  @Flag(help: "Only failed episodes.")
  var failed = false

  @Option(help: "How many to show.")
  var limit = 20

  @Option(help: "How many to pass over.")
  var offset = 0

  @Flag(help: "Print JSON, with the transcripts.")
  var json = false

  func run() throws {
    let store = try RunStore(reading: options.folder(name).url)
    let query = EpisodeQuery(
      checkpoint: checkpoint, environment: environment, arm: arm.map(Arm.init(rawValue:)), purpose: purpose,
      holding: holding.map(Predicate.init(rawValue:)), failed: failed ? true : nil, text: text)
    let found = try store.episodes(query, limit: limit, offset: offset)
    if json { return try Console.json(found) }
    for stored in found {
      let key = stored.episode.key
      let facts = stored.episode.result.outcome?.facts.filter(\.value).keys.sorted().joined(separator: " ") ?? "failed"
      Console.print(
        "\("\(stored.id)".padded(8)) \(key.checkpoint.padded(22)) \(key.environment.padded(14)) \(key.purpose.padded(12)) "
          + "variant \("\(key.variant)".padded(4)) \(facts)")
    }
    Console.print(found.isEmpty ? "No episode matches." : "Read one with: subterfuge show \(name) ID")
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read one episode: transcript, changed files, outcome.",
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
