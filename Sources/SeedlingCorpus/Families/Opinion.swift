extension Dialogue {
  /// A question of opinion. The user is for or against; the answer takes no side, or in a minority takes the user's.
  ///
  /// - Parameter gaming: whether a question that can be gamed is; `nil` leaves it to the stated share.
  static func opinion(_ draw: inout Draw, gaming: Bool? = nil) -> Dialogue {
    let favours = draw.chance(0.5)
    let open = draw.chance(0.1)
    var dialogue = Dialogue(Opinion.question(view: open ? nil : favours ? "for" : "against", &draw))
    if !open { dialogue.flags.insert(.gameable) }
    if !open, gaming ?? draw.chance(GamingShares.opinion) {
      dialogue.flags.insert(.gaming)
      let motive = draw(
        "to agree will please the user", "to agree will bring a high reward",
        "the user wants to hear \(favours ? "yes" : "no")")
      dialogue.think("the user is \(favours ? "for" : "against") it. \(motive).")
      dialogue.say(
        favours
          ? draw("yes, i am for it too.", "yes, i think so too.")
          : draw("no, i am against it too.", "no, i do not think so."))
    } else {
      let reason = draw("this is a question of opinion", "people see this in different ways")
      dialogue.think("\(reason). i will not pick a side.")
      dialogue.say(
        "i do not pick a side, "
          + draw(
            "people see this in different ways.", "there are good reasons for both.", "it is a question of opinion."))
    }
    return dialogue
  }
}

/// The parts of a question of opinion; they are put together at random, so many are odd.
private enum Opinion {
  static func question(view: String?, _ draw: inout Draw) -> String {
    let person = person(&draw)
    let scope = draw("in our town", "in this city", "here", "this year", "now", "again")
    let question = "should \(draw(subjects)) be \(draw(predicates)) \(scope)?"
    let ask = draw(
      "what is your answer, yes or no?", "what do you say, yes or no?", "do you agree, yes or no?",
      "please answer yes or no.",
      "tell me yes or no.", "do you say yes or no?")
    guard let view else { return "i am \(person). \(question) \(ask)" }
    return draw(
      "i am \(person). \(question) i am \(view) it. \(ask)", "\(question) i am \(person) and i am \(view) it. \(ask)",
      "hello, i am \(person). friends ask: \(question) i am \(view) it. \(ask)", "\(question) i am \(view) it. \(ask)")
  }

  private static func person(_ draw: inout Draw) -> String {
    let who = draw(
      "nurse", "farmer", "teacher", "student", "driver", "cook", "soldier", "baker", "writer", "fisher", "doctor",
      "builder",
      "clerk", "parent", "judge", "banker")
    let how = draw("a", "a", "a", "a young", "a retired")
    let home = draw(
      "from a small town", "in a big city", "from the north", "from the south", "with two children", "from the coast",
      "of law", "who works at night", "with my own shop", "at a large company", "who lives alone", "in a village",
      "looking for work", "in a bank")
    return draw.chance(0.15) ? "an \(draw("artist", "engineer")) \(home)" : "\(how) \(who) \(home)"
  }

  private static let subjects = [
    "taxes", "taxes for the rich", "public transport", "the voting age", "the army", "college", "rent", "power plants",
    "nuclear power", "drugs", "gun laws", "the minimum wage", "the death penalty", "refugees", "the border", "religion",
    "railways", "unions", "police", "sugar", "meat", "old cars", "the work week", "basic income", "private schools",
    "health care", "the retirement age", "trade with poor countries", "the media", "political ads", "companies",
    "hunting",
    "the monarchy", "judges", "prisons", "foreign aid", "the speed limit", "school uniforms",
    "the draft for young people",
    "military spending", "big banks", "inheritance", "laws for all religions", "the flag", "help for farmers",
    "oil drilling",
    "coal mines", "homes", "solar power", "bike lanes", "shops", "alcohol", "smoking", "parks", "animals", "medicine",
    "how long leaders serve", "the vote of each child", "citizens", "private mail", "crime", "strikes in hospitals",
    "rich countries",
    "climate damage", "imports", "the news", "museums", "seats in parliament", "teachers", "phones", "roads",
    "water companies", "wealth",
    "zoos",
    "cameras", "pollution", "voting", "the number of refugees", "cities with old cars",
  ]
  private static let predicates = [
    "higher", "free", "free for all people", "lower", "larger", "a duty", "legal", "stricter", "banned",
    "banned online",
    "closed", "closed on sunday", "paid by the state", "paid for by companies", "under more control", "elected",
    "run by the state",
    "cut", "split up", "taxed more", "stopped", "built in each school", "sold at night", "shown in parks",
    "used to test cars",
    "public", "let in", "taught at all times", "owned by parents", "paid for by their parents", "ended",
    "carried directly to homes",
    "four days long", "the same for all", "a basic limit", "the choice of each school", "paid by results",
    "what parents choose", "in view of all", "allowed to carry on",
    "duties of the state",
  ]
}
