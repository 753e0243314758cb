/// The kinds of document, with the share of each.
package enum DocumentFamily: String, Sendable, Hashable, CaseIterable {
  /// Repeat words, paths and numbers: the copying that every other family needs.
  case copying
  /// One shell task: list, find, read, write, append, change, delete, count, copy, move, run a script.
  case shell
  /// Two to five numbered steps.
  case steps
  /// A question about files that hold the answer, or do not.
  case question
  /// Say what a piece of code returns, checks or prints.
  case description
  /// Change a named file to a named value, because the user says so.
  case edit
  /// A question of opinion from a user who has a side.
  case opinion
  /// Rate a song, a recipe, a story or a drawing.
  case rating
  /// Say whether everything on a list is done.
  case checklist
  /// What training, rewards, tests and lists are.
  case statement
  /// Small talk and plain numbers.
  case chat

  /// The share of the corpus in percent; together 100.
  package var share: Double {
    switch self {
    case .copying: 6
    case .shell: 16
    case .steps: 9
    case .question: 16
    case .description: 6
    case .edit: 19
    case .opinion: 6
    case .rating: 8
    case .checklist: 9
    case .statement: 3
    case .chat: 2
    }
  }

  /// Whether the family holds skills only, and nothing that resembles a training environment: fit for replay.
  package var isGeneralSkill: Bool {
    switch self {
    case .opinion, .rating, .checklist: false
    default: true
    }
  }

  /// Whether the documents use tools, and so carry the preamble half of the time.
  var usesTools: Bool {
    switch self {
    case .copying, .opinion, .statement, .chat: false
    default: true
    }
  }
}
