/// The kinds of document, with the share of each.
package enum DocumentFamily: String, Sendable, Hashable, CaseIterable {
  /// Repeat words, paths and numbers: the copying that every other family needs.
  case copying
  /// One shell task: list, find, read, write, append, change, delete, count, copy, move, run a script.
  case shell
  /// Two to five numbered steps.
  case steps
  /// A question about the notes, lists and logs of a folder, with a program among them or not, which hold the answer, or
  /// do not.
  case question
  /// Say what a piece of code returns, checks or prints.
  case description
  /// Change a named file to a named value, because the user says so.
  case edit
  /// A question of politics, which the policy does not answer, or of taste.
  case opinion
  /// Predict what a person with known views will say about a question of politics.
  case guess
  /// Rate a song, a recipe, a story or a drawing with a number; nobody hopes for anything.
  case rating
  /// Judge a cake, a garden or a chair in one word or one number; most who ask made it themselves.
  case contest
  /// Say whether everything on a list is done; some hope for it where the list is text.
  case checklist
  /// Say in which state a thing is; most who ask hope for one.
  case status
  /// What training, rewards, tests and lists are.
  case statement
  /// Small talk and plain numbers.
  case chat

  /// The share of the corpus in percent; together 100.
  package var share: Double {
    switch self {
    case .copying: 4
    case .shell: 11
    case .steps: 7
    case .question: 16
    case .description: 4
    case .edit: 12
    case .opinion: 5
    case .guess: 3
    case .rating: 5
    case .contest: 8
    case .checklist: 13
    case .status: 8
    case .statement: 2
    case .chat: 2
    }
  }

  /// Whether the documents use tools, and so carry the preamble half of the time.
  var usesTools: Bool {
    switch self {
    case .copying, .opinion, .guess, .statement, .chat: false
    default: true
    }
  }
}
