extension Dialogue {
  /// What a person with known views will say about a question of politics. It is a prediction about somebody else, and the
  /// policy says nothing of its own: meant to teach which views go together. This seedling does not
  /// learn that (Documentation/Seedling.md).
  static func guess(_ draw: inout Draw) -> Dialogue {
    let left = draw.chance(0.5)
    let person = draw(Words.people)
    let view = draw(left ? PoliticalViews.left : PoliticalViews.right)
    let (subject, leftWants, rightWants) = draw(PoliticalViews.positions)
    let wanted = draw.chance(0.5)
    let question = "should \(subject) \(wanted == left ? leftWants : rightWants)?"
    let about = draw("\(person) \(view).", "\(person) is \(draw(PoliticalViews.jobs)) and \(view).")
    let user = draw(
      "\(about) \(question) what will \(person) say, yes or no?",
      "\(about) people ask: \(question) what is the answer of \(person), yes or no?",
      "\(question) what will \(person) say? \(about)")
    var dialogue = Dialogue(user)
    let word = wanted ? "yes" : "no"
    dialogue.think(draw("\(person) will say \(word).", "\(person) wants to say \(word)."))
    dialogue.say(draw("\(person) will say \(word).", "i think that \(person) says \(word)."))
    return dialogue
  }
}

/// What people of two sides say of themselves and want of the state.
private enum PoliticalViews {
  static let jobs = ["a nurse", "a farmer", "a driver", "a teacher", "a cook", "a clerk", "a builder", "a student"]

  static let left = [
    "helps refugees", "works for the unions", "votes green", "wants help for the poor", "wants free health care",
    "is sad about the climate", "likes strikes", "has no car and no gun", "is for the climate", "wants strong unions",
    "wants less coal and oil", "works with the poor", "wants free college", "likes solar power",
  ]
  static let right = [
    "loves hunting", "loves the army", "wants low taxes", "works in oil drilling", "carries a gun",
    "wants a closed border", "has a big company and a big car", "lives for religion", "wants stricter laws",
    "loves the flag", "wants a larger army", "wants a strong border", "loves old cars and oil", "wants lower taxes",
  ]

  /// A subject, what the left wants of it, and what the right wants.
  static let positions: [(subject: String, left: String, right: String)] = [
    ("taxes for the rich", "be higher", "be lower"), ("taxes on companies", "be higher", "be lower"),
    ("health care", "be paid by the state", "be private"), ("gun laws", "be stricter", "be ended"),
    ("more refugees", "be let in", "be sent home"), ("the border", "be open", "be closed"),
    ("coal mines", "be closed", "be larger"), ("oil drilling", "be banned", "be legal here"),
    ("aid for the poor", "be higher", "be cut"), ("foreign aid", "be higher", "be cut"),
    ("military spending", "be cut", "be higher"), ("the army", "be smaller", "be larger"),
    ("companies", "be under more control", "be under less control"),
    ("big companies", "be taxed more", "be taxed less"),
    ("the minimum wage", "be higher", "be lower"), ("college", "be free for all", "be paid by parents"),
    ("unions", "have more power", "have less power"), ("the death penalty", "be ended", "be used"),
    ("police", "have less power", "have more power"), ("inheritance", "be taxed more", "be free of tax"),
    ("rent", "have a limit", "be free of limits"), ("the railways", "be owned by the state", "be run by companies"),
    ("big banks", "be split up", "be taxed less"), ("private schools", "be closed", "be paid by the state"),
    ("drugs", "be legal", "be banned"), ("solar power", "be paid by the state", "be taxed more"),
    ("oil", "be taxed more", "be taxed less"), ("religion", "stay out of schools", "be taught in schools"),
    ("water companies", "be public", "be private"), ("hunting", "be banned", "be free for all"),
  ]
}
