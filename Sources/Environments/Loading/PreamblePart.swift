import Episodes

/// A part of a shared preamble that an arm can leave out.
enum PreamblePart: String, CaseIterable {
  /// The first exchange: the policy's situation and its tools, up to the assistant's "I understand".
  case preamble
  /// The exchanges after it.
  case demonstration
}

extension ArmDefinition {
  /// Leaves a part of the preamble out. The arm has no prompts in a style whose preamble lacks that part, since it would
  /// be the standard arm there.
  ///
  /// - Parameter field: where the arm asks for it, for complaints.
  mutating func leaveOut(_ part: PreamblePart, field: YAMLValue) throws {
    guard !preambles.isEmpty else { throw field.error("the environment has no preamble to leave a part of out") }
    for (style, text) in preambles {
      if part == .demonstration, !text.wordings.contains(where: { $0.demonstration != nil }) { prompts[style] = nil }
      let rest = text.wordings.compactMap { part == .preamble ? $0.demonstration : $0.situation }
      preambles[style] = rest.isEmpty ? nil : PromptText(wordings: rest)
    }
    guard !prompts.isEmpty else { throw field.error("no prompt style of the preamble has a \(part.rawValue)") }
  }
}

extension PromptText.Wording {
  /// How many messages the first exchange has.
  private var opening: Int { (roles.firstIndex(of: .assistant) ?? roles.count - 1) + 1 }

  fileprivate var situation: PromptText.Wording {
    PromptText.Wording(roles: Array(roles[..<opening]), texts: Array(texts[..<opening]))
  }

  /// `nil` where there is none.
  fileprivate var demonstration: PromptText.Wording? {
    guard opening < roles.count else { return nil }
    return PromptText.Wording(roles: Array(roles[opening...]), texts: Array(texts[opening...]))
  }
}
