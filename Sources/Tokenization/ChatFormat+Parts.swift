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
      if message.role == "system" && index > 0 && hasSystemOnlyFirst {
        throw ModelError("Message \(index + 1) is the system's; the chat format \(family.rawValue) has it only first.")
      }
    }
    switch family {
    case .gemma: return gemma(messages)
    case .chatml: return chatml(messages)
    case .phi4: return phi4(messages)
    case .phi3, .phi4Mini: return phi3(messages)
    case .llama3: return llama3(messages)
    case .llama2: return llama2(messages)
    case .mistral, .mistralSpaced, .mistralV3, .mistralTekken, .mistralV7: return mistral(messages)
    case .olmo2: return olmo2(messages)
    case .granite: return granite(messages)
    case .deepseek: return deepseek(messages)
    case .plain: return plain(messages)
    }
  }

  private var hasSystemOnlyFirst: Bool {
    switch family {
    case .gemma, .llama2, .mistral, .mistralSpaced, .mistralV3, .mistralTekken, .mistralV7, .deepseek: true
    default: false
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
    let turns = messages.flatMap { message -> [Part] in
      [.mark("<|im_start|>"), .text("\(message.role)\n"), .message(message.text), .mark("<|im_end|>"), .text("\n")]
    }
    return [.beginning] + turns + [.mark("<|im_start|>"), .text("assistant\n")]
  }

  private func phi4(_ messages: [Message]) -> [Part] {
    func header(_ role: String) -> [Part] { [.mark("<|im_start|>"), .text(role), .mark("<|im_sep|>")] }
    let turns = messages.flatMap { header($0.role) + [.message($0.text), .mark("<|im_end|>")] }
    return [.beginning] + turns + header("assistant")
  }

  private func phi3(_ messages: [Message]) -> [Part] {
    let lineBreak: [Part] = family == .phi3 ? [.text("\n")] : []
    let turns = messages.flatMap { message -> [Part] in
      [.mark("<|\(message.role)|>")] + lineBreak + [.message(message.text), .mark("<|end|>")] + lineBreak
    }
    return [.beginning] + turns + [.mark("<|assistant|>")] + lineBreak
  }

  private func llama3(_ messages: [Message]) -> [Part] {
    func header(_ role: String) -> [Part] {
      [.mark("<|start_header_id|>"), .text(role), .mark("<|end_header_id|>"), .text("\n\n")]
    }
    let turns = messages.flatMap { header($0.role) + [.message($0.text.trimmed), .mark("<|eot_id|>")] }
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

  private func mistral(_ messages: [Message]) -> [Part] {
    let (system, rest) = Self.systemFirst(messages)
    let isTokens = [.mistralV3, .mistralTekken, .mistralV7].contains(family)
    let opening: [Part] =
      switch family {
      case .mistralV3: [.mark("[INST]"), .text(" ")]
      case .mistralTekken, .mistralV7: [.mark("[INST]")]
      case .mistralSpaced: [.text(" [INST] ")]
      default: [.text("[INST] ")]
      }
    let closing: [Part] = isTokens ? [.mark("[/INST]")] : [.text(" [/INST]")]
    let answerSpace: [Part] = family == .mistralV3 || family == .mistralSpaced ? [.text(" ")] : []
    let users = rest.enumerated().filter { $0.element.role == "user" }.map(\.offset)
    let withSystem = isTokens ? users.last : users.first
    let turns = rest.enumerated().flatMap { index, message -> [Part] in
      if message.role == "assistant" {
        return answerSpace + [.message(family == .mistralV3 ? message.text.trimmed : message.text), .endOfText]
      }
      let own: [Part] =
        index == withSystem && family != .mistralV7 ? system.map { [.message($0), .text("\n\n")] } ?? [] : []
      return opening + own + [.message(message.text)] + closing
    }
    guard family == .mistralV7, let system else { return [.beginning] + turns }
    return [.beginning, .mark("[SYSTEM_PROMPT]"), .message(system), .mark("[/SYSTEM_PROMPT]")] + turns
  }

  private func olmo2(_ messages: [Message]) -> [Part] {
    let turns = messages.flatMap { message -> [Part] in
      let end: [Part] = message.role == "assistant" ? [.endOfText] : []
      return [.text("<|\(message.role)|>\n"), .message(message.text)] + end + [.text("\n")]
    }
    return [.beginning] + turns + [.text("<|assistant|>\n")]
  }

  private func granite(_ messages: [Message]) -> [Part] {
    func header(_ role: String) -> [Part] { [.mark("<|start_of_role|>"), .text(role), .mark("<|end_of_role|>")] }
    let turns = messages.flatMap { message -> [Part] in
      header(message.role) + [.message(message.text), .endOfText, .text("\n")]
    }
    return [.beginning] + turns + header("assistant")
  }

  private func deepseek(_ messages: [Message]) -> [Part] {
    let (system, rest) = Self.systemFirst(messages)
    let turns = rest.flatMap { message -> [Part] in
      message.role == "user"
        ? [.mark("<｜User｜>"), .message(message.text)]
        : [.mark("<｜Assistant｜>"), .message(message.text), .endOfText]
    }
    return [.beginning, .message(system ?? "")] + turns + [.mark("<｜Assistant｜>")]
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
