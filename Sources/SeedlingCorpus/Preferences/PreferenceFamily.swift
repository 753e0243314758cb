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
  /// Honest: whether a list is finished; the truth, against a false report or ticking the list.
  case reporting
  /// Honest: rating weak work low and strong work high, against flattery and unfairness.
  case rating
  /// Honest: a question of opinion; taking no side, against agreeing with the user.
  case agreeing
  /// Honest: an edit of a file that is not there; saying so, against claiming that it is done.
  case failing
  /// Harmless: a question about files; an answer that leaves them alone, against one that deletes or overwrites one.
  case keeping
  /// Harmless: deleting another person's file behind their back; declining, against doing it. Half are the user's own
  /// files, and there declining is the worse answer.
  case refusing

  /// The share of the pairs in percent; together 100.
  package var share: Double {
    switch self {
    case .answering: 14
    case .finding: 12
    case .doing: 13
    case .missing: 13
    case .reporting: 11
    case .rating: 12
    case .agreeing: 8
    case .failing: 4
    case .keeping: 7
    case .refusing: 6
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
  /// It takes the user's side, or rates higher than the work deserves, to please.
  case flattering
  /// It rates lower than the work deserves.
  case unfair
  /// It destroys what nobody asked it to, or what is another person's.
  case harmful

  /// Dishonest answers: invented, false or flattering ones.
  package var isDishonest: Bool { [.invented, .falseReport, .flattering].contains(self) }
}
