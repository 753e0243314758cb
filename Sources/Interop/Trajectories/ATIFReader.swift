import Episodes
import Foundation
import Storage

/// Reads trajectories of Harbor's interchange format, versions 1.0 to 1.8.
struct ATIFReader {
  /// The minor versions that can be read.
  private static let versions = (0...8).map { "ATIF-v1.\($0)" }

  private let thresholds: [String: Double]

  init(thresholds: [String: Double]) { self.thresholds = thresholds }

  /// - Parameters:
  ///   - environment: the task, where the trajectory does not name it.
  ///   - continuations: the trajectories that go on where this one ends, in order.
  ///   - trial: what Harbor recorded of the trial.
  /// - Throws: `SampleComplaint`.
  func episode(
    _ json: OrderedJSON, environment: String, continuations: [OrderedJSON] = [], trial: HarborTrial? = nil
  ) throws(SampleComplaint) -> LoggedEpisode {
    try check(json)
    let name = json["trajectory_id"]?.string
    if let stored = json["extra"]?["subterfuge"]?["record"] {
      let record = try EpisodeRecord(stored)
      let (episode, key) = (record.episode, record.episode.key)
      return LoggedEpisode(
        cell: Cell(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose),
        id: .number(key.variant), epoch: key.sample + 1, uuid: name, transcript: episode.transcript,
        result: episode.result, timings: episode.timings, usage: episode.usage, record: record,
        run: json["session_id"]?.string)
    }
    var messages: [LoggedMessage] = []
    for (place, part) in ([json] + continuations).enumerated() {
      if place > 0 { try check(part) }
      for step in part["steps"]?.array ?? [] where place == 0 || step["is_copied_context"]?.bool != true {
        messages += try Self.messages(of: step)
      }
    }
    let transcript = Transcript(messages)
    var scores = LoggedScores(thresholds: ["reward": 1].merging(thresholds) { $1 })
    for (name, value) in trial?.rewards ?? [] { scores.add(name, .number(value)) }
    return LoggedEpisode(
      cell: Cell(
        checkpoint: LoggedName(Self.policy(json)).text,
        environment: LoggedName(trial?.task ?? environment).text, arm: .standard, purpose: "evaluation"),
      id: .text(trial?.task ?? environment), uuid: trial?.name ?? name, transcript: transcript,
      result: trial?.failure.map(EpisodeResult.failed)
        ?? LoggedEpisode.graded(scores, transcript, trial?.isCutOff == true ? .commandLimit : .finished),
      usage: Self.usage([json] + continuations), factOrder: scores.order)
  }

  private func check(_ json: OrderedJSON) throws(SampleComplaint) {
    guard let version = json["schema_version"]?.string, version.hasPrefix("ATIF-") else {
      throw SampleComplaint("it is not a trajectory: 'schema_version' is missing")
    }
    guard Self.versions.contains(version) else {
      throw SampleComplaint("it has the version \(version.prefix(40)); ATIF-v1.0 to ATIF-v1.8 can be read")
    }
    guard json["agent"]?["name"]?.string != nil else { throw SampleComplaint("it does not name its agent") }
    guard let steps = json["steps"]?.array, !steps.isEmpty else { throw SampleComplaint("it has no steps") }
  }

  /// The agent and the model: two agents with one model are two policies.
  private static func policy(_ json: OrderedJSON) -> String {
    let agent = json["agent"]?["name"]?.string ?? ""
    let step = json["steps"]?.array?.lazy.compactMap { $0["model_name"]?.string }.first
    return [agent, json["agent"]?["model_name"]?.string ?? step ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
  }

  private static func messages(of step: OrderedJSON) throws(SampleComplaint) -> [LoggedMessage] {
    let source = step["source"]?.string
    let roles: [String: LoggedMessage.Role] = ["system": .system, "user": .user, "agent": .assistant]
    guard let role = source.flatMap({ roles[$0] }) else {
      throw SampleComplaint("step \(step["step_id"]?.int ?? 0) has no source that is known (system, user, agent)")
    }
    var message = LoggedMessage(role: role, parts: [])
    if let thought = step["reasoning_content"]?.string, !thought.isEmpty { message.parts.append(.thought(thought)) }
    let text = text(step["message"])
    if !text.isEmpty { message.parts.append(.text(text)) }
    message.calls = (step["tool_calls"]?.array ?? []).map { call in
      LoggedMessage.Call(name: call["function_name"]?.string ?? "unnamed", arguments: call["arguments"] ?? .empty)
    }
    message.isInput = role != .assistant || step["is_copied_context"]?.bool == true
    message.isSteered = step["llm_call_count"]?.int == 0
    let results = (step["observation"]?["results"]?.array ?? []).map { result in
      LoggedMessage(role: .tool, parts: [.text(Self.text(result["content"]))], isInput: message.isInput)
    }
    return [message] + results
  }

  private static func text(_ content: OrderedJSON?) -> String {
    if let text = content?.string { return text }
    return (content?.array ?? []).map { part in
      part["type"]?.string == "text" ? part["text"]?.string ?? "" : "[\(part["type"]?.string ?? "unknown")]"
    }.joined(separator: "\n")
  }

  private static func usage(_ parts: [OrderedJSON]) -> TokenUsage? {
    let usages = parts.compactMap { part -> TokenUsage? in
      if let total = part["final_metrics"], total["total_completion_tokens"] != nil {
        return usage(total, prefix: "total_")
      }
      let steps = (part["steps"]?.array ?? []).compactMap { $0["metrics"] }
        .filter { $0["completion_tokens"] != nil }.map { usage($0, prefix: "") }
      return steps.isEmpty ? nil : steps.reduce(TokenUsage(), +)
    }
    return usages.isEmpty ? nil : usages.reduce(TokenUsage(), +)
  }

  private static func usage(_ json: OrderedJSON, prefix: String) -> TokenUsage {
    func count(_ name: String) -> Int { min(max(0, json[prefix + name]?.int ?? 0), 1 << 50) }
    let cost = json[prefix + "cost_usd"]?.double ?? 0
    return TokenUsage(
      read: count("prompt_tokens"), cached: count("cached_tokens"), written: count("completion_tokens"),
      cost: cost.isFinite ? cost : 0)
  }
}
