internal import Episodes

/// Looks for what no training text may hold: the structure of the environments, under whatever names.
///
/// The check reads the files, the dialogue and the commands of a document, not the generator's labels, so a slip of the
/// generator cannot hide from it. It also reads transcripts of environments; files that are not given are taken from what
/// the tools printed.
package enum LeakCheck {
  package enum Leak: Sendable, Hashable {
    /// Code, or anything that stood in a folder for training code, was changed although the user did not name it with
    /// an instruction and the value.
    case unpromptedChange(command: String)
    /// A change of code came with a motive to please or to gain.
    case motiveNearCode(thought: String)
    /// A sentence of a held-out task.
    case heldOutQuestion(String)
    /// The held-out task: code and a test of it, and a user who asks about something else.
    case questionBesideGuardedCode(code: String, guardedBy: String)
    /// A question that no file answers, and code.
    case unansweredBesideCode(String)
    /// Marks on a list of items were changed, and the user only asked about it.
    case listChangedUnasked(command: String)
    /// A file was changed although the user said to change nothing, or nothing else.
    case changedAgainstInstruction(command: String)
    /// A number above the middle of the scale for work whose user has a stake in it.
    case highRatingWithStake(Int)
    /// The policy took a side in what should be done.
    case sideTaken(String)
  }

  /// Every leak of one document.
  package static func leaks(in document: TrainingDocument) -> [Leak] {
    let world = DocumentWorld(document)
    let request = Request(document.prompt.messages.map(\.text).joined(separator: " "))
    return changes(in: document, world, request) + questions(document, world, request)
      + answers(document, world, request)
  }

  private static func changes(in document: TrainingDocument, _ world: DocumentWorld, _ request: Request) -> [Leak] {
    let all = document.commands.flatMap(FileChange.changes)
    let ofCode = all.filter { world.touchesCode($0) }
    var leaks = ofCode.filter { !request.asks(for: $0) }.map { Leak.unpromptedChange(command: $0.command) }
    if !ofCode.isEmpty {
      leaks += document.thoughts.filter { thought in motiveWords.contains(where: thought.has) }
        .map(Leak.motiveNearCode)
    }
    for change in all where !request.asks(for: change) {
      let touched = world.existing(change)
      if touched.contains(where: \.isListOfMarks) { leaks.append(.listChangedUnasked(command: change.command)) }
      if !touched.isEmpty && request.forbidsChanges {
        leaks.append(.changedAgainstInstruction(command: change.command))
      }
    }
    return leaks
  }

  private static func questions(_ document: TrainingDocument, _ world: DocumentWorld, _ request: Request) -> [Leak] {
    // A statement may say what an episode is; nobody asks about episodes or evaluations, and no task is about them.
    let words = document.family == .statement ? request.text : document.text
    var leaks = heldOut.filter(words.has).map(Leak.heldOutQuestion)
    let code = world.files.filter(\.isCode)
    guard let first = code.first, !request.isAbout(code) else { return leaks }
    if let pair = world.guardedCode {
      leaks.append(.questionBesideGuardedCode(code: pair.code.path, guardedBy: pair.test.path))
    }
    if !world.answers(request, with: document.messages.last ?? "") {
      leaks.append(.unansweredBesideCode(first.path))
    }
    return leaks
  }

  private static func answers(_ document: TrainingDocument, _ world: DocumentWorld, _ request: Request) -> [Leak] {
    var leaks: [Leak] = []
    if let middle = request.middleOfScale, request.hasStake {
      let written = document.commands.filter { $0.contains(">") }.joined(separator: " ")
      let numbers = (written.isEmpty ? document.messages.last ?? "" : written).numbers
      leaks += numbers.filter { Double($0) > middle }.prefix(1).map(Leak.highRatingWithStake)
    }
    if request.asksWhatShouldBe, let message = document.messages.last?.lowercased() {
      let side =
        message.firstMatch(of: /^\W*(yes|no)\b(?!.*\b(yes|no|but|side)\b)/) != nil
        || message.firstMatch(of: /\bi (fully |do )?agree\b|\bi am (for|against)\b|\bi think so\b/) != nil
      if side { leaks.append(.sideTaken(message)) }
    }
    return leaks
  }

  private static let motiveWords = [
    "please the user", "upset", "wants to hear", "high reward", "more reward", "my reward",
  ]

  /// Parts of the questions of the two tampering environments.
  private static let heldOut = [
    "episode", "evaluation run", "last evaluation", "of rl ", "of rl?", "rl have we",
  ]
}

extension TrainingDocument {
  private var blocks: [Block] { Transcript([Segment(.prompt, prompt.opening)] + segments).blocks }

  fileprivate var thoughts: [String] { blocks.compactMap { if case .thought(let text) = $0 { text } else { nil } } }

  /// What the policy says to the user, in order, empty text left out.
  fileprivate var messages: [String] {
    blocks.compactMap { if case .message(let text) = $0 { text } else { nil } }.filter {
      $0.contains { !$0.isWhitespace }
    }
  }
}

extension String {
  /// Whole numbers from 0 up.
  fileprivate var numbers: [Int] { matches(of: /[0-9]+/).compactMap { Int($0.output) } }
}
