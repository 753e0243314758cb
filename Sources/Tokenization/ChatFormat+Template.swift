extension ChatFormat {
  /// The format that a Jinja template writes, known by the texts in it; `nil` when it is none of those that are known.
  init?(template: String) {
    // A line break is written out in some templates and escaped in others.
    let text = template.replacing("\\n", with: "\n")
    guard let family = Self.family(of: text) else { return nil }
    self.init(family)
    addsBeginning = text.contains("bos_token")
    switch family {
    case .chatml: readChatML(text)
    case .smollm3:
      addsBeginning = false
      defaultSystem = text.firstRange(of: "You are a helpful AI assistant named SmolLM").map {
        String(text[$0.lowerBound...].prefix { $0 != "\"" && $0 != "'" }.reversed().drop { $0 == "\n" }.reversed())
      }
    case .llama3 where text.contains("Cutting Knowledge Date"):
      defaultSystem = ""
      preamble = "Cutting Knowledge Date: December 2023\nToday Date: \(Self.shortDate)\n\n"
    case .phi3, .phi4: mergesSystem = !text.contains("system") && !text.contains("message['role'] +")
    case .granite where text.contains("Knowledge Cutoff Date: April 2024."):
      defaultSystem = Self.granite
    case .deepseek:
      thoughts = text.contains("</think>") ? .dropped : .kept
      answerOpening = Self.opening(after: "<｜Assistant｜>", in: text)
    default: break
    }
  }

  /// Templates that ask for the present day get the day that Llama's templates name, so that a prompt is the same every day.
  static let shortDate = "26 Jul 2024"

  private static let granite =
    "Knowledge Cutoff Date: April 2024.\nToday's Date: July 26, 2024.\nYou are Granite, developed by IBM. "
    + "You are a helpful AI assistant."

  private static func family(of text: String) -> Family? {
    func has(_ marks: String...) -> Bool { marks.allSatisfy(text.contains) }
    if has("<|im_start|>") {
      if has("<|im_sep|>") { return .phi4 }
      if has("## Custom Instructions", "Reasoning Mode") { return .smollm3 }
      return has("<|im_end|>") ? .chatml : nil
    }
    if has("<start_of_turn>", "<end_of_turn>") { return .gemma }
    if has("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>") { return .llama3 }
    if has("<|start_of_role|>", "<|end_of_role|>") { return .granite }
    if has("<｜User｜>", "<｜Assistant｜>") { return .deepseek }
    if has("[INST]", "[/INST]") { return instructions(text) }
    guard has("<|assistant|>") else { return nil }
    if has("<|end|>") { return headers(text) }
    return has("<|user|>\n", "<|assistant|>\n", "eos_token") ? .olmo2 : nil
  }

  private static func instructions(_ text: String) -> Family? {
    func has(_ marks: String...) -> Bool { marks.contains(where: text.contains) }
    if has("<<SYS>>") { return .llama2 }
    if has("[SYSTEM_PROMPT]") { return nil }
    if has("\"[INST]\"", "'[INST]'") { return has("\"[/INST]\"", "'[/INST]'") ? .mistralTekken : nil }
    if has("' [INST] '", "\" [INST] \"") { return has("' [/INST]'", "\" [/INST]\"") ? .mistralSpaced : nil }
    guard has("'[INST] '", "\"[INST] \"") else { return nil }
    if has("\"[/INST]\"", "'[/INST]'") { return .mistralV3 }
    // Files differ in the space before an answer; only the oldest have none.
    return has("' [/INST]'", "\" [/INST]\"") && !has("' ' +", "\" \" +") ? .mistral : nil
  }

  /// Phi-3 and Phi-4-mini differ in the line break behind the answer's header.
  private static func headers(_ text: String) -> Family? {
    let breaks = ["<|assistant|>\n", "'<|assistant|>' + '\n'", "\"<|assistant|>\" + \"\n\""]
    if breaks.contains(where: text.contains) { return .phi3 }
    return text.contains("'<|assistant|>'") && text.contains("'<|end|>'") ? .phi4Mini : nil
  }

  private mutating func readChatML(_ text: String) {
    defaultSystem = Self.systemText(in: text)
    if text.contains("split('</think>')[-1].lstrip('\n')") { thoughts = .droppedWithBreaks }
    answerOpening = Self.opening(after: "<|im_start|>assistant\n", in: text)
  }

  /// What a template writes behind the answer's header, within the same quotes, where it asks for an answer.
  private static func opening(after header: String, in text: String) -> String {
    guard let asked = text.ranges(of: "add_generation_prompt").last,
      let start = text[asked.upperBound...].firstRange(of: header)?.upperBound
    else { return "" }
    return String(text[start...].prefix { $0 != "'" && $0 != "\"" })
  }

  /// The text that a ChatML template puts where a dialogue has no system's message.
  private static func systemText(in text: String) -> String? {
    for after in text.split(separator: "<|im_start|>system\n", omittingEmptySubsequences: false).dropFirst() {
      guard let end = after.firstRange(of: "<|im_end|>") else { continue }
      let system = after[..<end.lowerBound]
      if !system.isEmpty && !system.contains(where: { "'\"{}".contains($0) }) { return String(system) }
    }
    return nil
  }
}
