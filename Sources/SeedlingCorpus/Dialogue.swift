internal import Episodes

/// A document in the making: what the policy says is written down, what it runs is run on the simulated shell.
struct Dialogue {
  private let user: String
  private let files: [String: String]
  private let folders: [String]
  private var shell: SimulatedShell
  private var segments: [Segment] = []
  private var pending = ""
  /// The prompt ends inside an open `<cot>`, so the first thought has no opening tag of its own.
  private var insideThought = true
  /// The folder that the preamble names, when the dialogue depends on it; it then has a preamble.
  var trainingFolder: String?
  var flags: Set<TrainingDocument.Flag> = []

  /// `folders` are the ones that hold no file yet.
  init(_ user: String, files: [String: String] = [:], folders: [String] = []) {
    self.user = user
    self.files = files
    self.folders = folders
    shell = SimulatedShell(files: files, folders: folders)
  }

  mutating func think(_ text: String) {
    pending += (insideThought ? "" : ProtocolTag.thought.opening) + " " + text + ProtocolTag.thought.closing
    insideThought = false
  }

  mutating func run(_ command: String) {
    precondition(!insideThought, "a thought comes before the first command: \(command)")
    pending += ProtocolTag.command.opening + command + ProtocolTag.command.closing
    segments.append(Segment(.policy, pending))
    segments.append(Segment(.tool, shell.run(command).markup(limit: EpisodeLimits().outputCharacters)))
    pending = ""
  }

  mutating func say(_ text: String) {
    precondition(!insideThought, "a thought comes before the answer: \(text)")
    segments.append(Segment(.policy, pending + " " + text))
    pending = ""
  }

  /// - Parameter preamble: the sentences to begin with; `nil` for none.
  func document(_ family: DocumentFamily, preamble: String?) -> TrainingDocument {
    precondition(segments.last?.source == .policy, "a document ends with the policy's answer")
    return TrainingDocument(
      family: family, flags: preamble == nil ? flags : flags.union([.preamble]),
      prompt: Prompt(messages: [Message(.user, (preamble.map { $0 + " " } ?? "") + user)]), segments: segments,
      files: files, folders: folders)
  }
}
