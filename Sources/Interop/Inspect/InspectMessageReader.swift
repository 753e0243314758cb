/// Reads a chat message of an Inspect log.
enum InspectMessageReader {
  /// - Parameter resolved: gives a text that was taken out of the message back.
  /// - Throws: `SampleComplaint`.
  static func message(
    _ json: OrderedJSON, _ resolved: (String) throws(SampleComplaint) -> String
  ) throws(SampleComplaint) -> LoggedMessage {
    guard let role = json["role"]?.string.flatMap(LoggedMessage.Role.init) else {
      throw SampleComplaint("one of its messages has no role that is known (system, user, assistant, tool)")
    }
    var message = LoggedMessage(role: role, parts: try parts(json["content"] ?? .null, resolved))
    message.calls = (json["tool_calls"]?.array ?? []).map { call in
      LoggedMessage.Call(name: call["function"]?.string ?? "unnamed", arguments: call["arguments"] ?? .empty)
    }
    message.error = json["error"].map { $0["message"]?.string ?? "an error without words" }
    message.isInput = json["source"]?.string == "input"
    message.isSteered = json["source"]?.string == "operator"
    return message
  }

  private static func parts(
    _ content: OrderedJSON, _ resolved: (String) throws(SampleComplaint) -> String
  ) throws(SampleComplaint) -> [LoggedMessage.Part] {
    if let text = content.string { return text.isEmpty ? [] : [.text(try resolved(text))] }
    var parts: [LoggedMessage.Part] = []
    for part in content.array ?? [] {
      switch part["type"]?.string {
      case "text": parts.append(.text(try resolved(part["text"]?.string ?? "")))
      case "reasoning": parts.append(.thought(try resolved(thought(part))))
      // Pictures and sound have no place in a transcript. Tools that the server runs keep their name.
      case let kind?: parts.append(.text("[\(kind)\(part["name"]?.string.map { " " + $0 } ?? "")]"))
      case nil: throw SampleComplaint("a part of one of its messages has no type")
      }
    }
    return parts
  }

  /// Reasoning that a provider hides is encrypted; some give a summary.
  private static func thought(_ part: OrderedJSON) -> String {
    if part["redacted"]?.bool == true { return part["summary"]?.string ?? "[hidden by the provider]" }
    return part["reasoning"]?.string ?? ""
  }
}
