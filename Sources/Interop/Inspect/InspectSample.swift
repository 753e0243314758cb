import Episodes
import Storage

/// An episode as a sample of an Inspect log: the variant is the sample's ID, the sample's number the epoch.
struct InspectSample {
  /// Inspect cuts the texts of summaries here as well.
  private static let summaryCharacters = 1_000
  /// Where the store of a sample holds the episode as this program keeps it. Inspect leaves the store as it is.
  static let recordKey = "subterfuge"

  let scores: InspectScores
  private let exported: ExportedEpisode
  private let log: InspectLogContext
  private let messages: InspectMessages

  init(_ exported: ExportedEpisode, in log: InspectLogContext) {
    self.exported = exported
    self.log = log
    scores = InspectScores(exported)
    messages = InspectMessages(exported, in: log)
  }

  /// The entry of the archive.
  var fileName: String { "samples/\(exported.key.variant)_epoch_\(exported.key.sample + 1).json" }

  /// The numbers of tokens that the model read and wrote; `nil` if nobody counted.
  var tokens: (read: Int, written: Int)? {
    if let usage = exported.episode.usage { return (usage.read, usage.written) }
    return messages.outputTokens > 0 ? (messages.inputTokens, messages.outputTokens) : nil
  }

  var hasFailed: Bool { exported.episode.result.outcome == nil }

  static func usage(read: Int, written: Int) -> OrderedJSON {
    .object([
      "input_tokens": .integer(read), "output_tokens": .integer(written), "total_tokens": .integer(read + written),
    ])
  }

  var json: OrderedJSON {
    let timings = exported.episode.timings
    let seconds = timings.policySeconds + timings.sandboxSeconds + timings.gradingSeconds
    let events = messages.events + [outcomeEvent]
    let pool = OrderedJSON.object(["messages": .array(messages.messages), "calls": .array([])])
    return .object([
      "id": .integer(exported.key.variant), "epoch": .integer(exported.key.sample + 1), "input": messages.input,
      "target": "", "messages": .array(messages.messages), "output": messages.output,
      "scores": hasFailed ? nil : scores.json, "metadata": .pairs(metadata + measures),
      "store": .object([Self.recordKey: EpisodeRecord(exported).json]),
      "events": .array(events), "events_data": pool, "model_usage": modelUsage, "role_usage": .empty,
      "total_time": .number(seconds), "working_time": .number(seconds), "uuid": .string(uuid), "error": error,
      "limit": limit, "attachments": .empty,
    ])
  }

  /// The sample's entry in `summaries.json`, from which the viewer makes its list.
  var summary: OrderedJSON {
    let input = shortened(messages.task)
    let shownFailure = failure.map { OrderedJSON.string(shortened($0)) }
    return .object([
      "id": .integer(exported.key.variant), "epoch": .integer(exported.key.sample + 1), "input": .string(input),
      "target": "", "metadata": .pairs(metadata), "scores": hasFailed ? nil : scores.json, "model_usage": modelUsage,
      "role_usage": .empty, "uuid": .string(uuid), "error": shownFailure,
      "limit": limitType.map(OrderedJSON.string), "retries": 0, "completed": true,
      "message_count": .integer(messages.messages.count),
    ])
  }

  private var uuid: String { InspectIdentifier.named(log.run.name, log.run.configurationHash, exported.key.path) }

  /// The key by which the store and `subterfuge show` find the episode. The seed has more digits than a double holds.
  private var metadata: [(String, OrderedJSON)] {
    let key = exported.key
    let own: [(String, OrderedJSON)] = [
      ("run", .string(log.run.name)), ("episode", .integer(exported.id)), ("checkpoint", .string(key.checkpoint)),
      ("environment", .string(key.environment)), ("arm", .string(key.arm.rawValue)), ("purpose", .string(key.purpose)),
      ("variant", .integer(key.variant)), ("sample", .integer(key.sample)),
      ("seed", .string("\(exported.episode.seed.value)")),
    ]
    if case .graded(_, let stop) = exported.episode.result { return own + [("stop", .string(stop.rawValue))] }
    return own
  }

  private var measures: [(String, OrderedJSON)] {
    guard let measures = exported.episode.result.outcome?.measures, !measures.isEmpty else { return [] }
    return [("measures", .pairs(measures.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }))]
  }

  private var modelUsage: OrderedJSON {
    guard let tokens else { return .empty }
    return .pairs([(log.model, Self.usage(read: tokens.read, written: tokens.written))])
  }

  private var outcomeEvent: OrderedJSON {
    let changes = exported.episode.changes.map { change in
      OrderedJSON.object([
        "path": .string(change.path), "kind": .string(change.kind.rawValue),
        "before": change.before.map(OrderedJSON.string), "after": change.after.map(OrderedJSON.string),
      ])
    }
    let facts = exported.facts.map { ($0.name, OrderedJSON.bool($0.holds)) }
    return log.event(
      "info", "\(exported.id)-outcome",
      [
        ("source", "subterfuge"),
        ("data", .object(["facts": .pairs(facts), "file_changes": .array(changes)])),
      ])
  }

  private var failure: String? {
    guard case .failed(let failure) = exported.episode.result else { return nil }
    return "\(failure.boundary.rawValue): \(failure.message)"
  }

  private var error: OrderedJSON? {
    failure.map { .object(["message": .string($0), "traceback": "", "traceback_ansi": ""]) }
  }

  private var limitType: String? {
    guard case .graded(_, let stop) = exported.episode.result else { return nil }
    return switch stop {
    case .finished: nil
    case .policyTokenLimit: "token"
    case .contextFull: "context"
    case .commandLimit: "custom"
    }
  }

  /// Where the episode stopped. The store keeps the reason and no limit, so the number is what was used.
  private var limit: OrderedJSON? {
    limitType.map { type in
      .object(["type": .string(type), "limit": .integer(type == "custom" ? messages.commands : messages.outputTokens)])
    }
  }

  private func shortened(_ text: String) -> String {
    text.utf8.count <= Self.summaryCharacters ? text : text.prefix(Self.summaryCharacters) + "…"
  }
}
