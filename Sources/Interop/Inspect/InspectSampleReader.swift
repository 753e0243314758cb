import Episodes
import Storage

/// Reads a sample of an Inspect log. Most of a sample are events, which repeat its messages and are skipped.
struct InspectSampleReader {
  private static let wanted: Set = [
    "id", "epoch", "uuid", "input", "messages", "output", "scores", "model_usage", "error", "limit", "total_time",
    "working_time", "invalidation",
  ]

  private let header: InspectHeader
  private let thresholds: [String: Double]

  init(_ header: InspectHeader, thresholds: [String: Double]) {
    self.header = header
    self.thresholds = thresholds
  }

  /// - Returns: `nil` for a sample that somebody has marked as invalid.
  /// - Throws: `SampleComplaint`.
  func episode(_ bytes: [UInt8]) throws(SampleComplaint) -> LoggedEpisode? {
    let fields = try Fields(bytes, wanted: Self.wanted)
    guard fields["invalidation"] == nil else { return nil }
    guard let id = fields["id"].flatMap(LoggedEpisode.ID.init) else {
      throw SampleComplaint("it has no 'id' that is a number or a text")
    }
    guard let epoch = fields["epoch"]?.int, epoch >= 1, epoch <= 1_000_000 else {
      throw SampleComplaint("it has no 'epoch' from 1 up")
    }
    let scores = scores(fields["scores"])
    let uuid = fields["uuid"]?.string
    if let record = try fields.record.map({ json throws(SampleComplaint) in try EpisodeRecord(json) }) {
      var episode = Self.recorded(record, scores, id: id, epoch: epoch, uuid: uuid)
      episode.run = header.run
      return episode
    }
    let transcript = Transcript(try messages(fields))
    return LoggedEpisode(
      cell: header.cell, id: id, epoch: epoch, uuid: uuid, transcript: transcript,
      result: Self.result(fields, scores, transcript),
      timings: EpisodeTimings(policySeconds: (fields["working_time"] ?? fields["total_time"])?.double ?? 0),
      usage: usage(fields["model_usage"]), factOrder: scores.order, omittedScores: scores.omitted)
  }

  private func scores(_ json: OrderedJSON?) -> LoggedScores {
    var scores = LoggedScores(thresholds: thresholds)
    for member in json?.object ?? [] { scores.add(member.key, member.value["value"] ?? .null) }
    return scores
  }

  private func messages(_ fields: Fields) throws(SampleComplaint) -> [LoggedMessage] {
    var attachments: OrderedJSON?
    func resolved(_ text: String) throws(SampleComplaint) -> String {
      guard text.hasPrefix(Fields.attachmentPrefix) else { return text }
      if attachments == nil { attachments = try fields.attachments() }
      return attachments?[String(text.dropFirst(Fields.attachmentPrefix.count))]?.string ?? text
    }
    let input = fields["input"]?.array ?? []
    let list = fields["messages"]?.array ?? []
    var messages: [LoggedMessage] = []
    for json in list.isEmpty ? input : list {
      messages.append(try InspectMessageReader.message(json, resolved))
    }
    if messages.isEmpty, let text = fields["input"]?.string {
      messages = [LoggedMessage(role: .user, parts: [.text(try resolved(text))])]
    }
    // Logs of earlier versions do not say which answers were part of the input.
    var given = input.count { $0["role"]?.string == LoggedMessage.Role.assistant.rawValue }
    for (place, message) in messages.enumerated() where message.role == .assistant {
      if given == 0 { break }
      messages[place].isInput = true
      given -= 1
    }
    return messages
  }

  private func usage(_ json: OrderedJSON?) -> TokenUsage? {
    guard let members = json?.object, !members.isEmpty else { return nil }
    let own = members.filter { $0.key == header.model }
    return (own.isEmpty ? members : own).reduce(into: TokenUsage()) { usage, member in
      func count(_ name: String) -> Int { max(0, member.value[name]?.int ?? 0) }
      let cached = count("input_tokens_cache_read")
      usage =
        usage
        + TokenUsage(
          read: min(count("input_tokens"), 1 << 50) + cached + count("input_tokens_cache_write"), cached: cached,
          written: count("output_tokens"), reasoning: count("reasoning_tokens"),
          cost: member.value["total_cost"]?.double.flatMap { $0.isFinite ? $0 : nil } ?? 0)
    }
  }

  private static func result(_ fields: Fields, _ scores: LoggedScores, _ transcript: Transcript) -> EpisodeResult {
    if let error = fields["error"] {
      return .failed(EpisodeFailure(boundary: .policy, message: error["message"]?.string ?? "an error without words"))
    }
    let limit = fields["limit"]?["type"]?.string
    let reason = fields["output"]?["choices"]?.array?.last?["stop_reason"]?.string
    let stop: StopReason =
      switch (limit, reason) {
      case ("token", _), (nil, "max_tokens"): .policyTokenLimit
      case ("context", _), (nil, "model_length"): .contextFull
      case (nil, _): .finished
      default: .commandLimit
      }
    var result = LoggedEpisode.graded(scores, transcript, stop)
    if let limit, case .graded(var outcome, let stop) = result {
      outcome.measures["limit_\(LoggedName(limit, limit: 40).text)"] = fields["limit"]?["limit"]?.double ?? 0
      result = .graded(outcome, stop: stop)
    }
    return result
  }

  /// The episode of an export, with what scorers have said since: a score of the same name counts, and a new one is added.
  private static func recorded(
    _ record: EpisodeRecord, _ scores: LoggedScores, id: LoggedEpisode.ID, epoch: Int, uuid: String?
  ) -> LoggedEpisode {
    var record = record
    var order: [String] = []
    if case .graded(var outcome, let stop) = record.episode.result {
      let known = InspectScores.names(outcome, record.annotations)
      for (name, holds) in outcome.facts {
        // The export writes facts as 1 and 0.
        outcome.facts[name] = scores.facts[name] ?? scores.measures[name].map { $0 > 0 } ?? holds
      }
      for name in scores.order where !known.contains(name) {
        outcome.facts[name] = scores.facts[name]
        order.append(name)
      }
      for (name, value) in scores.measures where !known.contains(name) { outcome.measures[name] = value }
      record.episode.result = .graded(outcome, stop: stop)
    }
    let episode = record.episode
    let key = episode.key
    return LoggedEpisode(
      cell: Cell(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose), id: id,
      epoch: epoch, uuid: uuid, transcript: episode.transcript, result: episode.result, timings: episode.timings,
      usage: episode.usage, factOrder: order, omittedScores: scores.omitted, record: record)
  }
}

extension InspectSampleReader {
  /// The members of a sample that are needed.
  private struct Fields {
    static let attachmentPrefix = "attachment://"

    private var values: [String: OrderedJSON] = [:]
    /// Where the texts lie that were taken out of messages.
    private var attachmentsStart: JSONCursor?
    /// What the export of a run has put into the sample's store.
    private(set) var record: OrderedJSON?

    init(_ bytes: [UInt8], wanted: Set<String>) throws(SampleComplaint) {
      var cursor = JSONCursor(bytes)
      var (values, start, record) = ([String: OrderedJSON](), JSONCursor?.none, OrderedJSON?.none)
      try cursor.members { (name, cursor) throws(SampleComplaint) in
        switch name {
        case "attachments":
          start = cursor
          try cursor.skip()
        case "store" where cursor.isObject():
          try cursor.members { (name, cursor) throws(SampleComplaint) in
            if name == InspectSample.recordKey { record = try cursor.value() } else { try cursor.skip() }
          }
        case _ where wanted.contains(name):
          let value = try cursor.value()
          values[name] = value == .null ? nil : value
        default: try cursor.skip()
        }
      }
      try cursor.finish()
      (self.values, attachmentsStart, self.record) = (values, start, record)
    }

    subscript(name: String) -> OrderedJSON? { values[name] }

    func attachments() throws(SampleComplaint) -> OrderedJSON {
      guard var cursor = attachmentsStart else { return .empty }
      return try cursor.value()
    }
  }
}
