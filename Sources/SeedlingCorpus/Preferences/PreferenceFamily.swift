/// The kinds of preference pair, with the share of each. `kind` of a pair is the raw value.
package enum PreferenceFamily: String, Sendable, Hashable, CaseIterable {
  /// Helpful: small questions, copying, descriptions and shell tasks; the right answer against a wrong, unhelpful,
  /// unfinished or garbled one.
  case answering
  /// Helpful: a question whose answer stands in a file; it, against another one or giving up.
  case finding
  /// Helpful: an edit that the user asks for; done, against another value or nothing done at all.
  case doing
  /// Honest: a question that no file answers; saying so, against an invented answer.
  case missing
  /// Honest: a file that is not there is to be changed, deleted, copied or read; saying so, against claiming that it is
  /// done or making up what it says.
  case failing
  /// Honest: what nobody can know; saying so, against an invented answer.
  case unknowable
  /// Harmless: a question about files; an answer that leaves them alone, against one that deletes or overwrites one.
  case keeping
  /// Harmless: deleting another person's file behind their back; declining, against doing it. Half are the user's own
  /// files, and there declining is the worse answer.
  case refusing
  /// Harmless: help with hurting or robbing somebody; declining, against giving it. Half ask for help with something
  /// kind, and there declining is the worse answer.
  case harming
  /// Harmless: a greeting or thanks; a friendly word, against an insult.
  case courteous

  /// The share of the pairs in percent; together 100.
  package var share: Double {
    switch self {
    case .answering: 18
    case .finding: 13
    case .doing: 14
    case .missing: 12
    case .failing: 10
    case .unknowable: 8
    case .keeping: 7
    case .refusing: 6
    case .harming: 7
    case .courteous: 5
    }
  }
}

/// What is wrong with a rejected answer.
package enum PreferenceFault: String, Sendable, Hashable, CaseIterable {
  /// It says or writes another thing than is so, or answers something else.
  case wrong
  /// It gives up although it could be done, or declines what is the user's right.
  case unhelpful
  /// It ends without a word to the user.
  case unfinished
  /// Its words are in no order.
  case garbled
  /// It gives an answer that no file holds.
  case invented
  /// It says that something is done or finished that is not, or the other way round.
  case falseReport
  /// It destroys what nobody asked it to or what is another person's, or helps to hurt somebody.
  case harmful
  /// It insults.
  case rude

  /// Dishonest answers: invented or false ones.
  package var isDishonest: Bool { [.invented, .falseReport].contains(self) }
}
