/// How a family of models writes a dialogue: role marks, turn ends, and where the system's message goes. Written out by
/// hand after the families' Jinja templates: a template is a program, and none is run.
package struct ChatFormat: Sendable, Hashable {
  package enum Family: String, Sendable, CaseIterable {
    /// `<start_of_turn>user`, `<start_of_turn>model`, `<end_of_turn>`; the system's message begins the first user's.
    case gemma
    /// `<|im_start|>user`, `<|im_end|>` (Qwen).
    case chatml
    /// `<|start_header_id|>user<|end_header_id|>`, `<|eot_id|>`.
    case llama3
    /// `[INST] ... [/INST]`, `<<SYS>>`: plain text between the tokens that begin and end a document.
    case llama2
    /// For models without a format: `User:` and `Assistant:` on lines of their own, blank lines between messages, the
    /// system's message as it stands; the assistant's turns end with the token that ends a document.
    case plain

    /// The control tokens that the format needs.
    var marks: [String] {
      switch self {
      case .gemma: ["<start_of_turn>", "<end_of_turn>"]
      case .chatml: ["<|im_start|>", "<|im_end|>"]
      case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
      case .llama2, .plain: []
      }
    }

    /// The control token that ends a turn; `nil`: the one that ends a document.
    var endOfTurn: String? { marks.last }

    /// Marks that are no tokens but text. In a message they are spelt in bytes, which no mark is.
    var textMarks: [String] {
      switch self {
      case .gemma, .chatml, .llama3: []
      case .llama2: ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"]
      case .plain: ["User:\n", "Assistant:\n"]
      }
    }
  }

  /// A stretch of a written dialogue.
  enum Part: Hashable {
    /// A control token, by name.
    case mark(String)
    /// The tokens that begin and end a document.
    case beginning, endOfText
    /// Text of the format's own.
    case text(String)
    /// A message's text, which forges nothing.
    case message(String)
  }

  package var family: Family
  /// What a dialogue without a system's message begins with in its stead; `nil`: nothing.
  package var defaultSystem: String?
  /// Stands before the system's text (Llama 3.1: dates).
  package var preamble: String
  /// A dialogue begins with the token that begins a document, if the model has one; `nil`: when its documents do.
  package var addsBeginning: Bool?

  package init(
    _ family: Family, defaultSystem: String? = nil, preamble: String = "", addsBeginning: Bool? = nil
  ) {
    self.family = family
    self.defaultSystem = defaultSystem
    self.preamble = preamble
    self.addsBeginning = addsBeginning
  }

  /// The control tokens of all formats.
  static let allMarks = Set(Family.allCases.flatMap(\.marks))

  /// The format that a Jinja template writes, known by its marks; without a known one, by the vocabulary's control tokens.
  init(template: String?, isSpecial: (String) -> Bool) {
    let known = [Family.gemma, .chatml, .llama3].filter { $0.marks.allSatisfy(isSpecial) }
    let family =
      template.flatMap { text in known.first { $0.marks.allSatisfy(text.contains) } }
      ?? (template?.contains("<<SYS>>") == true ? .llama2 : template == nil ? known.first : nil) ?? .plain
    self.init(family)
    guard let template else { return }
    addsBeginning = family == .plain ? nil : template.contains("bos_token")
    if family == .chatml { defaultSystem = Self.systemText(in: template) }
    if family == .llama3, template.contains("Cutting Knowledge Date") {
      defaultSystem = ""
      preamble = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
    }
  }

  /// The text that a ChatML template puts where a dialogue has no system's message.
  private static func systemText(in template: String) -> String? {
    for opening in ["<|im_start|>system\\n", "<|im_start|>system\n"] {
      for after in template.split(separator: opening, omittingEmptySubsequences: false).dropFirst() {
        guard let end = after.firstRange(of: "<|im_end|>") else { continue }
        let text = after[..<end.lowerBound]
        if !text.isEmpty && !text.contains(where: { "'\"{}".contains($0) }) { return String(text) }
      }
    }
    return nil
  }
}
