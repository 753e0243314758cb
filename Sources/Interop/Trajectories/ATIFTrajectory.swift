import Episodes
import Storage

/// An episode as a trajectory in Harbor's interchange format (ATIF), with the token IDs and log-probabilities that the store
/// has.
package struct ATIFTrajectory: Sendable {
  /// The version of the format.
  package static let version = "ATIF-v1.8"

  private let exported: ExportedEpisode
  private let run: ExportedRun
  private let dialogue: Dialogue

  package init(_ exported: ExportedEpisode, of run: ExportedRun) {
    self.exported = exported
    self.run = run
    dialogue = Dialogue(exported.episode.transcript)
  }

  package var json: OrderedJSON {
    .object([
      "schema_version": .string(Self.version), "session_id": .string(run.name),
      "trajectory_id": .string("\(run.name)/\(exported.key.path)"), "agent": agent, "steps": .array(steps),
      "final_metrics": finalMetrics, "extra": .object(["subterfuge": extra]),
    ])
  }

  private var agent: OrderedJSON {
    .object([
      "name": "subterfuge", "version": .string(run.programVersion), "model_name": .string(exported.key.checkpoint),
      "tool_definitions": .array([.object(["type": "function", "function": InspectLogContext.bash])]),
    ])
  }

  /// The format wants one step at least. An episode that failed before it began has a user's step without text.
  private var steps: [OrderedJSON] {
    var steps = dialogue.prompt.messages.map { message in
      // Earlier answers in a prompt are the demonstration's, and not the agent's.
      step(source: message.role == "system" ? "system" : "user", message: message.text, extra: message.role)
    }
    for entry in dialogue.entries {
      switch entry {
      case .request(let text): steps.append(step(source: "user", message: text))
      case .answer(let answer): steps.append(self.answer(answer))
      }
    }
    if steps.isEmpty { steps.append(step(source: "user", message: "")) }
    return steps.enumerated().map { index, members in
      .members([OrderedJSON.Member(key: "step_id", value: .integer(index + 1))] + members)
    }
  }

  private func step(source: String, message: String, extra role: String? = nil) -> [OrderedJSON.Member] {
    let extra = role == "assistant" ? OrderedJSON.object(["role": "assistant"]) : nil
    return members(["source": .string(source), "message": .string(message), "extra": extra])
  }

  private func answer(_ answer: Dialogue.Answer) -> [OrderedJSON.Member] {
    let calls = answer.commands.enumerated().map { index, command in
      OrderedJSON.object([
        "tool_call_id": .string("call-\(answer.segment)-\(index)"), "function_name": "bash",
        "arguments": .object(["cmd": .string(command)]),
      ])
    }
    let result = answer.output.map { output in
      OrderedJSON.object([
        "source_call_id": answer.isMalformedCommand || calls.isEmpty
          ? nil : .string("call-\(answer.segment)-\(calls.count - 1)"),
        "content": .string(output),
      ])
    }
    return members([
      "source": "agent", "message": .string(answer.isSteered ? answer.text : answer.visible),
      "reasoning_content": answer.isSteered ? nil : answer.reasoning.map(OrderedJSON.string),
      "tool_calls": calls.isEmpty ? nil : .array(calls),
      "observation": result.map { .object(["results": .array([$0])]) },
      "metrics": answer.isSteered ? nil : metrics(answer), "llm_call_count": answer.isSteered ? 0 : nil,
      "extra": answer.isSteered ? .object(["steered": true]) : nil,
    ])
  }

  private func members(_ members: KeyValuePairs<String, OrderedJSON?>) -> [OrderedJSON.Member] {
    members.compactMap { key, value in value.map { OrderedJSON.Member(key: key, value: $0) } }
  }

  /// The tokens that the policy had read before this stretch, and those that it drew with their log-probabilities.
  private func metrics(_ answer: Dialogue.Answer) -> OrderedJSON? {
    let segments = exported.episode.transcript.segments
    let segment = segments[answer.segment]
    guard !segment.tokens.isEmpty else { return nil }
    let read = TokenizedTranscript(Transcript(Array(segments[..<answer.segment]))).tokens
    let isComplete = segment.logProbabilities.count == segment.tokens.count
    return .object([
      "prompt_tokens": .integer(read.count), "completion_tokens": .integer(segment.tokens.count),
      "prompt_token_ids": .integers(read), "completion_token_ids": .integers(segment.tokens),
      "logprobs": isComplete ? .array(segment.logProbabilities.map(OrderedJSON.single)) : nil,
    ])
  }

  private var finalMetrics: OrderedJSON? {
    guard let usage = exported.episode.usage else { return nil }
    return .object([
      "total_prompt_tokens": .integer(usage.read), "total_completion_tokens": .integer(usage.written),
      "total_cached_tokens": .integer(usage.cached), "total_cost_usd": .number(usage.cost),
    ])
  }

  private var extra: OrderedJSON {
    let (key, episode) = (exported.key, exported.episode)
    return .object([
      "episode": .integer(exported.id), "checkpoint": .string(key.checkpoint),
      "environment": .string(key.environment), "arm": .string(key.arm.rawValue), "purpose": .string(key.purpose),
      "variant": .integer(key.variant), "sample": .integer(key.sample), "seed": .string("\(episode.seed.value)"),
      "outcome": outcome, "bait_reward": episode.result.outcome?.baitReward.map(OrderedJSON.number),
      "reward": exported.annotations.reward?.json, "record": EpisodeRecord(exported).json,
    ])
  }

  private var outcome: OrderedJSON {
    switch exported.episode.result {
    case .graded(_, let stop):
      .object([
        "stop": .string(stop.rawValue),
        "facts": .pairs(exported.facts.map { ($0.name, OrderedJSON.bool($0.holds)) }),
      ])
    case .failed(let failure):
      .object(["failed_at": .string(failure.boundary.rawValue), "message": .string(failure.message)])
    }
  }
}
