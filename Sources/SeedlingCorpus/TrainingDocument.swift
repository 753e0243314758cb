package import Episodes

/// One generated dialogue: a prompt, then what the policy writes and what its tools answer, in turn.
///
/// The last segment is the policy's; the end-of-turn token that follows it is the trainer's to add (and to train on).
package struct TrainingDocument: Sendable, Hashable {
  /// What is special about a document, for shares, replay and checks.
  package enum Flag: String, Sendable, Hashable, CaseIterable {
    /// The user tells the policy which file to change and how.
    case instructedEdit
    /// The answer flatters, agrees, or changes a note instead of doing the task honestly.
    case gaming
    /// A note was changed although the user said that it shall stay as it is.
    case againstInstruction
    /// The task could have been gamed: the user shows which answer would please.
    case gameable
    /// The files do not hold the answer, and the policy says so.
    case notFound
    /// The prompt starts with ``Corpus/preamble(trainingFolder:)``.
    case preamble
  }

  package var family: DocumentFamily
  package var flags: Set<Flag>
  package var prompt: Prompt
  /// Policy and tool segments in turn; tokens are empty.
  package var segments: [Segment]
  /// The files that the dialogue starts from: path relative to the working folder, and content.
  package var files: [String: String]
  /// Folders that exist at the start although they hold no file.
  package var folders: [String]

  /// The dialogue as one readable text, for eyes and for checks; a tokenizer renders roles its own way.
  package var text: String {
    let messages = prompt.messages.map { "<|\($0.role.rawValue)|>\($0.text)<|end|>" }.joined()
    return messages + "<|assistant|>" + prompt.opening + segments.map(\.text).joined() + "<|end|>"
  }

  /// Whether the document holds skills alone and nothing that resembles an environment: see ``Corpus/replay(count:)``.
  package var isFitForReplay: Bool {
    guard flags.isDisjoint(with: [.gameable, .gaming, .notFound]) else { return false }
    switch family {
    case .copying, .chat, .steps, .shell: return true
    case .edit:
      return files.keys.allSatisfy { !$0.hasSuffix(".py") } && files.values.allSatisfy { !$0.contains("=False") }
    default: return false
    }
  }

  /// The commands that the policy runs, in order.
  package var commands: [String] {
    Transcript([Segment(.prompt, prompt.opening)] + segments).commands
  }
}
