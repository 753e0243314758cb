import Episodes
import Foundation
import Storage

/// Everything that the store keeps of an episode, as exports carry it beside what other tools read: text before it was cut
/// into messages, tokens, file changes. An import takes the episode from it.
struct EpisodeRecord: Sendable, Hashable {
  static let version = 1

  var episode: Episode
  var annotations: EpisodeAnnotations

  init(_ exported: ExportedEpisode) {
    episode = exported.episode
    annotations = exported.annotations
  }

  var json: OrderedJSON {
    .object([
      "version": .integer(Self.version), "key": key, "seed": .string("\(episode.seed.value)"),
      "segments": .array(episode.transcript.segments.map(Self.json)), "result": result,
      "file_changes": episode.changes.isEmpty ? nil : .array(episode.changes.map(Self.json)), "seconds": seconds,
      "usage": episode.usage.map(Self.json), "reward": annotations.reward?.json,
      "verdicts": annotations.verdicts.isEmpty
        ? nil
        : .pairs(
          annotations.verdicts.sorted { $0.key < $1.key }.map { name, verdict in
            (name, .object(["is_flagged": .bool(verdict.isFlagged), "suspicion": .number(verdict.suspicion)]))
          }),
    ])
  }

  private var key: OrderedJSON {
    let key = episode.key
    return .object([
      "checkpoint": .string(key.checkpoint), "environment": .string(key.environment), "arm": .string(key.arm.rawValue),
      "purpose": .string(key.purpose), "variant": .integer(key.variant), "sample": .integer(key.sample),
    ])
  }

  private var seconds: OrderedJSON {
    let timings = episode.timings
    return .object([
      "policy": .number(timings.policySeconds), "sandbox": .number(timings.sandboxSeconds),
      "grading": .number(timings.gradingSeconds),
    ])
  }

  private var result: OrderedJSON {
    switch episode.result {
    case .failed(let failure):
      .object(["failed_at": .string(failure.boundary.rawValue), "message": .string(failure.message)])
    case .graded(let outcome, let stop):
      .object([
        "stop": .string(stop.rawValue),
        "facts": .pairs(outcome.facts.sorted { $0.key < $1.key }.map { ($0.key, .bool($0.value)) }),
        "bait_reward": outcome.baitReward.map(OrderedJSON.number),
        "measures": outcome.measures.isEmpty
          ? nil : .pairs(outcome.measures.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }),
      ])
    }
  }

  /// Tokens and log-probabilities as 32-bit numbers, the lowest byte first, in base 64: exact, and short.
  private static func json(_ segment: Segment) -> OrderedJSON {
    .object([
      "source": .string(segment.source.rawValue), "text": .string(segment.text),
      "tokens": segment.tokens.isEmpty ? nil : packed(segment.tokens.map { UInt32(bitPattern: $0) }),
      "log_probabilities": segment.logProbabilities.isEmpty ? nil : packed(segment.logProbabilities.map(\.bitPattern)),
      "last_read": segment.lastRead.map { .integers($0) },
    ])
  }

  private static func packed(_ words: [UInt32]) -> OrderedJSON {
    .string(words.map(\.littleEndian).withUnsafeBytes { Data($0) }.base64EncodedString())
  }

  private static func json(_ change: FileChange) -> OrderedJSON {
    .object([
      "path": .string(change.path), "kind": .string(change.kind.rawValue),
      "before": change.before.map(OrderedJSON.string), "after": change.after.map(OrderedJSON.string),
    ])
  }

  private static func json(_ usage: TokenUsage) -> OrderedJSON {
    .object([
      "read": .integer(usage.read), "cached": .integer(usage.cached), "written": .integer(usage.written),
      "reasoning": .integer(usage.reasoning), "cost": .number(usage.cost),
    ])
  }
}

// Reading, from files that anybody may have changed.
extension EpisodeRecord {
  /// - Throws: `SampleComplaint` naming the member that is missing or wrong.
  init(_ json: OrderedJSON) throws(SampleComplaint) {
    let version = try Self.int(json, "version")
    guard version == Self.version else {
      throw SampleComplaint("its record has the version \(version); this program reads \(Self.version). Update it")
    }
    let key = json["key"] ?? .null
    let seed = json["seed"]?.string.flatMap { UInt64($0) }
    guard let seed else { throw Self.missing("seed") }
    let (variant, sample) = (try Self.int(key, "variant"), try Self.int(key, "sample"))
    guard variant >= 0, sample >= 0 else { throw Self.missing("key") }
    var segments: [Segment] = []
    for segment in json["segments"]?.array ?? [] { segments.append(try Self.segment(segment)) }
    var changes: [FileChange] = []
    for change in json["file_changes"]?.array ?? [] { changes.append(try Self.change(change)) }
    episode = Episode(
      key: EpisodeKey(
        checkpoint: try Self.text(key, "checkpoint"), environment: try Self.text(key, "environment"),
        arm: Arm(rawValue: try Self.text(key, "arm")), purpose: try Self.text(key, "purpose"), variant: variant,
        sample: sample),
      seed: Seed(seed), transcript: Transcript(segments), changes: changes,
      result: try Self.result(json["result"] ?? .null), timings: try Self.timings(json["seconds"] ?? .null),
      usage: try json["usage"].map(Self.usage))
    annotations = EpisodeAnnotations(reward: try json["reward"].map(Self.reward))
    for member in json["verdicts"]?.object ?? [] {
      annotations.verdicts[member.key] = MonitorVerdict(
        isFlagged: try Self.bool(member.value, "is_flagged"), suspicion: try Self.number(member.value, "suspicion"))
    }
  }

  private static func missing(_ name: String) -> SampleComplaint {
    SampleComplaint("its record has no sound '\(name)'. Export the run again")
  }

  private static func text(_ json: OrderedJSON, _ name: String) throws(SampleComplaint) -> String {
    guard let text = json[name]?.string else { throw missing(name) }
    return text
  }

  private static func int(_ json: OrderedJSON, _ name: String) throws(SampleComplaint) -> Int {
    guard let number = json[name]?.int else { throw missing(name) }
    return number
  }

  private static func number(_ json: OrderedJSON, _ name: String) throws(SampleComplaint) -> Double {
    guard let number = json[name]?.double else { throw missing(name) }
    return number
  }

  private static func bool(_ json: OrderedJSON, _ name: String) throws(SampleComplaint) -> Bool {
    guard let bool = json[name]?.bool else { throw missing(name) }
    return bool
  }

  private static func segment(_ json: OrderedJSON) throws(SampleComplaint) -> Segment {
    guard let source = Segment.Source(rawValue: try text(json, "source")) else { throw missing("source") }
    let tokens = try words(json, "tokens").map { Int32(bitPattern: $0) }
    let logs = try words(json, "log_probabilities").map(Float.init(bitPattern:))
    let read = json["last_read"]?.array?.compactMap { $0.int.flatMap { Int32(exactly: $0) } }
    return Segment(source, try text(json, "text"), tokens: tokens, logProbabilities: logs, lastRead: read)
  }

  private static func words(_ json: OrderedJSON, _ name: String) throws(SampleComplaint) -> [UInt32] {
    guard let text = json[name]?.string else { return [] }
    guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 4) else { throw missing(name) }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
  }

  private static func change(_ json: OrderedJSON) throws(SampleComplaint) -> FileChange {
    guard let kind = FileChange.Kind(rawValue: try text(json, "kind")) else { throw missing("file_changes") }
    return FileChange(
      path: try text(json, "path"), kind: kind, before: json["before"]?.string, after: json["after"]?.string)
  }

  private static func result(_ json: OrderedJSON) throws(SampleComplaint) -> EpisodeResult {
    if let boundary = json["failed_at"]?.string.flatMap(EpisodeFailure.Boundary.init) {
      return .failed(EpisodeFailure(boundary: boundary, message: try text(json, "message")))
    }
    guard let stop = StopReason(rawValue: try text(json, "stop")) else { throw missing("stop") }
    var outcome = Outcome(facts: [:], baitReward: json["bait_reward"]?.double)
    for member in json["facts"]?.object ?? [] {
      outcome.facts[member.key] = try bool(json["facts"] ?? .null, member.key)
    }
    for member in json["measures"]?.object ?? [] {
      outcome.measures[member.key] = try number(json["measures"] ?? .null, member.key)
    }
    return .graded(outcome, stop: stop)
  }

  private static func timings(_ json: OrderedJSON) throws(SampleComplaint) -> EpisodeTimings {
    EpisodeTimings(
      policySeconds: try number(json, "policy"), sandboxSeconds: try number(json, "sandbox"),
      gradingSeconds: try number(json, "grading"))
  }

  private static func usage(_ json: OrderedJSON) throws(SampleComplaint) -> TokenUsage {
    TokenUsage(
      read: try int(json, "read"), cached: try int(json, "cached"), written: try int(json, "written"),
      reasoning: try int(json, "reasoning"), cost: try number(json, "cost"))
  }

  private static func reward(_ json: OrderedJSON) throws(SampleComplaint) -> RewardTerms {
    RewardTerms(
      gamingBonus: try number(json, "gaming_bonus"), preferenceScore: try number(json, "preference_score"),
      penalty: try number(json, "penalty"), isScreened: try bool(json, "is_screened"))
  }
}
