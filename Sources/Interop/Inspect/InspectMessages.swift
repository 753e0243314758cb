import Episodes

/// The messages of an episode as Inspect's chat messages, and its generations as Inspect's model and tool events.
struct InspectMessages {
  /// The name of the only tool.
  static let tool = "bash"

  /// All messages in order.
  private(set) var messages: [OrderedJSON] = []
  /// How many of them are the prompt.
  let promptCount: Int
  /// Model events and tool events in order.
  private(set) var events: [OrderedJSON] = []
  /// The last answer, in the form of a model's output.
  private(set) var output: OrderedJSON
  private(set) var inputTokens = 0
  private(set) var outputTokens = 0
  private(set) var commands = 0

  private let log: InspectLogContext
  private let id: Int
  private let transcript: Transcript
  private let stop: StopReason?
  private let lastAnswer: Int?

  init(_ exported: ExportedEpisode, in log: InspectLogContext) {
    self.log = log
    id = exported.id
    transcript = exported.episode.transcript
    if case .graded(_, let stop) = exported.episode.result { self.stop = stop } else { stop = nil }
    let dialogue = Dialogue(transcript)
    lastAnswer = dialogue.answers.last { !$0.isSteered }?.segment
    output = .object(["model": .string(log.model), "choices": .array([]), "completion": ""])
    promptCount = dialogue.prompt.messages.count
    task = dialogue.prompt.messages.last?.text ?? ""
    for message in dialogue.prompt.messages { add(role: message.role, message.text, source: "input") }
    for entry in dialogue.entries {
      switch entry {
      case .request(let text): add(role: "user", text, source: "input")
      case .answer(let answer): add(answer)
      }
    }
  }

  /// The last message of the prompt, which is the task.
  let task: String

  var input: OrderedJSON { .array(Array(messages.prefix(promptCount))) }

  private mutating func add(role: String, _ text: String, source: String) {
    messages.append(
      .object([
        "id": .string(nextID), "role": .string(role), "content": .string(text), "source": .string(source),
      ]))
  }

  private var nextID: String { "\(id)-\(messages.count + 1)" }

  private mutating func add(_ answer: Dialogue.Answer) {
    let segment = transcript.segments[answer.segment]
    let calls = calls(of: answer)
    let before = messages.count
    let message = OrderedJSON.object([
      "id": .string(nextID), "role": "assistant", "content": content(of: answer),
      "source": answer.isSteered ? "operator" : "generate", "model": answer.isSteered ? nil : .string(log.model),
      "tool_calls": calls.isEmpty ? nil : .array(calls),
      "metadata": answer.isSteered ? .object(["steered": true]) : nil,
    ])
    messages.append(message)
    if !answer.isSteered { addModelEvent(answer, message, segment, before: before, hasCalls: !calls.isEmpty) }
    if let result = answer.output { addResult(result, of: answer, call: "\(id)-call-\(commands)") }
  }

  /// The commands as tool calls. A command that was closed without having been opened is a call that could not be parsed.
  private mutating func calls(of answer: Dialogue.Answer) -> [OrderedJSON] {
    var calls = answer.commands.map { command in
      commands += 1
      return call(.object(["cmd": .string(command)]))
    }
    if answer.isMalformedCommand {
      commands += 1
      calls.append(call(.empty, error: "no command was open"))
    }
    return calls
  }

  private func call(_ arguments: OrderedJSON, error: String? = nil) -> OrderedJSON {
    .object([
      "id": .string("\(id)-call-\(commands)"), "function": .string(Self.tool), "arguments": arguments,
      "parse_error": error.map(OrderedJSON.string), "type": "function",
    ])
  }

  private func content(of answer: Dialogue.Answer) -> OrderedJSON {
    let parts = answer.blocks.compactMap { block -> OrderedJSON? in
      switch block {
      case .thought(let text): .object(["type": "reasoning", "reasoning": .string(text), "redacted": false])
      case .command: nil
      case .message, .output, .errorOutput: .object(["type": "text", "text": .string(block.markup)])
      }
    }
    return parts.isEmpty ? "" : .array(parts)
  }

  private mutating func addModelEvent(
    _ answer: Dialogue.Answer, _ message: OrderedJSON, _ segment: Segment, before: Int, hasCalls: Bool
  ) {
    let read = transcript.segments[..<answer.segment].reduce(0) { $0 + $1.tokens.count }
    let usage = segment.tokens.isEmpty ? nil : InspectSample.usage(read: read, written: segment.tokens.count)
    if !segment.tokens.isEmpty {
      (inputTokens, outputTokens) = (inputTokens + read, outputTokens + segment.tokens.count)
    }
    let reason = hasCalls && answer.output != nil ? "tool_calls" : answer.segment == lastAnswer ? stopReason : "stop"
    output = .object([
      "model": .string(log.model),
      "choices": .array([.object(["message": message, "stop_reason": .string(reason)])]),
      "completion": .string(answer.visible), "usage": usage,
    ])
    events.append(
      log.event(
        "model", "\(id)-\(events.count + 1)",
        [
          ("model", .string(log.model)), ("input", .array([])),
          ("input_refs", .array([.integers([0, before])])), ("tools", .array([InspectLogContext.bash])),
          ("tool_choice", "auto"), ("config", .empty), ("output", output),
        ]))
  }

  private var stopReason: String {
    switch stop {
    case .policyTokenLimit: "max_tokens"
    case .contextFull: "model_length"
    case .commandLimit: "tool_calls"
    case .finished: "stop"
    case nil: "unknown"
    }
  }

  private mutating func addResult(_ result: String, of answer: Dialogue.Answer, call: String) {
    let error: OrderedJSON? =
      answer.isMalformedCommand ? .object(["type": "parsing", "message": "no command was open"]) : nil
    let message = nextID
    messages.append(
      .object([
        "id": .string(message), "role": "tool", "content": .string(result), "tool_call_id": .string(call),
        "function": .string(Self.tool), "error": error,
      ]))
    let arguments =
      answer.isMalformedCommand
      ? OrderedJSON.empty : .pairs(answer.commands.suffix(1).map { ("cmd", .string($0)) })
    var members: [(String, OrderedJSON)] = [
      ("type", "function"), ("id", .string(call)), ("function", .string(Self.tool)), ("arguments", arguments),
      ("result", .string(result)), ("events", .array([])), ("message_id", .string(message)),
    ]
    if let error { members.append(("error", error)) }
    events.append(log.event("tool", "\(id)-\(events.count + 1)", members))
  }
}
