/// How a family of models writes a dialogue: role marks, turn ends, and where the system's message goes. For models that
/// come without a template of their own, and for whoever chooses a format by name.
package struct ChatFormat: Sendable, Hashable {
  /// A way of writing; the raw value is the name that a person chooses it by.
  package enum Family: String, Sendable, CaseIterable {
    /// `<start_of_turn>user`, `<start_of_turn>model`, `<end_of_turn>`; the system's message begins the first user's.
    case gemma
    /// `<|im_start|>user`, `<|im_end|>` (Qwen, SmolLM2, OLMo 3).
    case chatml
    /// `<|im_start|>user<|im_sep|>`, `<|im_end|>`.
    case phi4
    /// `<|user|>`, `<|assistant|>` and `<|end|>`, each with a line break behind it.
    case phi3
    /// The same without line breaks.
    case phi4Mini = "phi4-mini"
    /// `<|start_header_id|>user<|end_header_id|>`, `<|eot_id|>`.
    case llama3
    /// `[INST] ... [/INST]`, `<<SYS>>`: plain text between the tokens that begin and end a document.
    case llama2
    /// `[INST] ... [/INST]` as plain text, the system's message before the first user's; version 0.1 and 0.2.
    case mistral
    /// The same with more spaces, as later files of version 0.2 have it.
    case mistralSpaced = "mistral-v1"
    /// `[INST]` and `[/INST]` as tokens, the system's message before the last user's; version 0.3.
    case mistralV3 = "mistral-v3"
    /// The same without spaces (Mistral Nemo).
    case mistralTekken = "mistral-tekken"
    /// The same with the system's message between marks of its own (Mistral Small).
    case mistralV7 = "mistral-v7"
    /// `<|user|>` and `<|assistant|>` as plain text on lines of their own; answers end with the token that ends a document.
    case olmo2
    /// `<|start_of_role|>user<|end_of_role|>`; messages end with the token that ends a document.
    case granite
    /// `<｜User｜>`, `<｜Assistant｜>`; answers end with the token that ends a document.
    case deepseek
    /// For models without a format: `User:` and `Assistant:` on lines of their own, blank lines between messages, the
    /// system's message as it stands; the assistant's turns end with the token that ends a document.
    case plain

    /// The names of all, for messages.
    package static var names: String { allCases.map(\.rawValue).sorted().joined(separator: ", ") }

    /// The control tokens that the format needs.
    var marks: [String] {
      switch self {
      case .gemma: ["<start_of_turn>", "<end_of_turn>"]
      case .chatml: ["<|im_start|>", "<|im_end|>"]
      case .phi4: ["<|im_start|>", "<|im_sep|>", "<|im_end|>"]
      case .phi3, .phi4Mini: ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
      case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
      case .mistralV3, .mistralTekken: ["[INST]", "[/INST]"]
      case .mistralV7: ["[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[INST]", "[/INST]"]
      case .granite: ["<|start_of_role|>", "<|end_of_role|>"]
      case .deepseek: ["<｜User｜>", "<｜Assistant｜>"]
      case .llama2, .mistral, .mistralSpaced, .olmo2, .plain: []
      }
    }

    /// The control token that ends a turn; `nil`: the one that ends a document.
    var endOfTurn: String? {
      switch self {
      case .mistralV3, .mistralTekken, .mistralV7, .granite, .deepseek: nil
      default: marks.last
      }
    }

    /// Marks that are no tokens but text. In a message they are spelt in bytes, which no mark is.
    var textMarks: [String] {
      switch self {
      case .llama2: ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"]
      case .mistral, .mistralSpaced: ["[INST]", "[/INST]"]
      case .olmo2: ["<|system|>\n", "<|user|>\n", "<|assistant|>\n"]
      case .plain: ["User:\n", "Assistant:\n"]
      default: []
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

  package init(_ family: Family) { self.family = family }

  /// The control tokens of all formats.
  static let allMarks = Set(Family.allCases.flatMap(\.marks))

  /// The format of a model without a template: by the vocabulary's control tokens, else plain text.
  init(isSpecial: (String) -> Bool) {
    self.init([.gemma, .chatml, .llama3].first { $0.marks.allSatisfy(isSpecial) } ?? .plain)
  }
}
