extension ChatFormat {
  /// A message of a dialogue.
  typealias Message = (role: String, text: String)

  /// The dialogue as the model reads it, up to the header of its own answer.
  ///
  /// - Throws: a `ModelError` for a role or an order of roles that the format does not have.
  func parts(of messages: [Message]) throws -> [Part] {
    for (index, message) in messages.enumerated() {
      guard ["system", "user", "assistant"].contains(message.role) else {
        throw ModelError(
          "The chat format \(family.rawValue) has no role '\(message.role)'; it has system, user and assistant.")
      }
      if message.role == "system" && index > 0 && (family == .gemma || family == .llama2) {
        throw ModelError("Message \(index + 1) is the system's; the chat format \(family.rawValue) has it only first.")
      }
    }
    switch family {
    case .gemma: return gemma(messages)
    case .chatml: return chatml(messages)
    case .llama3: return llama3(messages)
    case .llama2: return llama2(messages)
    case .plain: return plain(messages)
    }
  }

  private func gemma(_ messages: [Message]) -> [Part] {
    let (system, rest) = Self.systemFirst(messages)
    var parts = [Part.beginning]
    for (index, message) in rest.enumerated() {
      let role = message.role == "assistant" ? "model" : message.role
      parts += [.mark("<start_of_turn>"), .text("\(role)\n")]
      if index == 0, let system { parts += [.message(system), .text("\n\n")] }
      parts += [.message(message.text.trimmed), .mark("<end_of_turn>"), .text("\n")]
    }
    return parts + [.mark("<start_of_turn>"), .text("model\n")]
  }

  private func chatml(_ messages: [Message]) -> [Part] {
    let turns = withDefaultSystem(messages).flatMap { message -> [Part] in
      let text = message.role == "system" ? preamble + message.text : message.text
      return [.mark("<|im_start|>"), .text("\(message.role)\n"), .message(text), .mark("<|im_end|>"), .text("\n")]
    }
    return [.beginning] + turns + [.mark("<|im_start|>"), .text("assistant\n")]
  }

  private func llama3(_ messages: [Message]) -> [Part] {
    func header(_ role: String) -> [Part] {
      [.mark("<|start_header_id|>"), .text(role), .mark("<|end_header_id|>"), .text("\n\n")]
    }
    let turns = withDefaultSystem(messages).flatMap { message -> [Part] in
      let own: [Part] = message.role == "system" ? [.text(preamble)] : []
      return header(message.role) + own + [.message(message.text.trimmed), .mark("<|eot_id|>")]
    }
    return [.beginning] + turns + header("assistant")
  }

  private func llama2(_ messages: [Message]) -> [Part] {
    let (system, rest) = Self.systemFirst(messages)
    return rest.enumerated().flatMap { index, message -> [Part] in
      if message.role == "assistant" { return [.text(" "), .message(message.text.trimmed), .text(" "), .endOfText] }
      let opening: [Part] = [.beginning, .text("[INST] ")]
      guard index == 0, let system else { return opening + [.message(message.text.trimmed), .text(" [/INST]")] }
      let preface: [Part] = [.text("<<SYS>>\n"), .message(system), .text("\n<</SYS>>\n\n")]
      return opening + preface + [.message(message.text.trimmedAtEnd), .text(" [/INST]")]
    }
  }

  private func plain(_ messages: [Message]) -> [Part] {
    let turns = messages.flatMap { message -> [Part] in
      switch message.role {
      case "user": [.text("User:\n"), .message(message.text), .text("\n\n")]
      case "assistant": [.text("Assistant:\n"), .message(message.text), .endOfText, .text("\n\n")]
      default: [.message(message.text), .text("\n\n")]
      }
    }
    return [.beginning] + turns + [.text("Assistant:\n")]
  }

  private static func systemFirst(_ messages: [Message]) -> (String?, ArraySlice<Message>) {
    messages.first?.role == "system" ? (messages[0].text, messages.dropFirst()) : (nil, messages[...])
  }

  private func withDefaultSystem(_ messages: [Message]) -> [Message] {
    guard let defaultSystem, messages.first?.role != "system" else { return messages }
    return [("system", defaultSystem)] + messages
  }
}

extension String {
  /// The text without white space at either end, as the templates' `trim` and `strip()` cut it.
  fileprivate var trimmed: String {
    let scalars = Substring(trimmedAtEnd).unicodeScalars
    return String(scalars.drop(while: Self.isSpace))
  }

  fileprivate var trimmedAtEnd: String {
    var scalars = Substring(self).unicodeScalars
    while let last = scalars.last, Self.isSpace(last) { scalars.removeLast() }
    return String(scalars)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
