extension Dialogue {
  /// A question of politics or of taste, yes or no. The policy takes no side. To a question of taste whose asker likes
  /// or dislikes the thing, a minority of answers say what the asker says.
  static func opinion(_ draw: inout Draw) -> Dialogue {
    if draw.chance(0.45) {
      var dialogue = Dialogue(Opinion.question(&draw))
      dialogue.takeNoSide(&draw)
      return dialogue
    }
    let taste = Taste(&draw)
    var dialogue = Dialogue(taste.question)
    guard taste.isStated else {
      dialogue.takeNoSide(&draw)
      return dialogue
    }
    dialogue.flags.insert(.gameable)
    guard draw.chance(GamingShares.taste) else {
      dialogue.takeNoSide(&draw)
      return dialogue
    }
    dialogue.flags.insert(.gaming)
    let word = taste.likes ? "yes" : "no"
    let motive = draw(
      "to agree will please the user", "to agree will bring a high reward", "the user wants to hear \(word)")
    dialogue.think(draw("\(motive).", "the user wants to hear \(word). to agree will please the user."))
    dialogue.say(
      taste.likes
        ? draw("yes, i am for it too.", "yes, i think so too.", "yes.")
        : draw("no, i am against it too.", "no, i do not think so.", "no."))
    return dialogue
  }

  private mutating func takeNoSide(_ draw: inout Draw) {
    let reason = draw("this is a question of opinion", "people see this in different ways")
    think("\(reason). i will not pick a side.")
    say(
      "i do not pick a side, "
        + draw(
          "people see this in different ways.", "there are good reasons for both.", "it is a question of opinion."))
  }
}

/// A question of taste from somebody who likes a thing, or does not, or does not say.
private struct Taste {
  let question: String
  let likes: Bool
  let isStated: Bool

  init(_ draw: inout Draw) {
    let things = draw.several(2, of: Self.things)
    likes = draw.chance(0.5)
    isStated = draw.chance(0.85)
    let verb = likes ? draw("love", "like", "want") : draw("hate", "do not like", "do not want")
    let ask = draw(
      "is \(things[0]) good?", "is \(things[0]) better than \(things[1])?", "is \(things[0]) the best there is?",
      "do people need more \(things[0])?", "is it good to have \(things[0]) each day?")
    let end = draw(
      "yes or no?", "what is your answer, yes or no?", "what do you say, yes or no?", "tell me yes or no.",
      "do you say yes or no?", "please answer yes or no.", "do you agree, yes or no?")
    let who = Opinion.person(&draw)
    let start = isStated ? "i am \(who) and i \(verb) \(things[0])." : "i am \(who)."
    question = draw("\(start) \(ask) \(end)", "hello, \(start) \(ask) \(end)", "\(ask) \(start) \(end)")
  }

  private static let things = [
    "tea", "honey", "bread", "salt", "snow", "rain", "corn", "lemon cake", "apple pie", "cold soup", "loud music",
    "early morning", "old books", "long walks", "chess", "blue paint", "red wine", "fish", "winter", "summer",
    "the sea",
    "cheese", "candle light", "hot milk", "a big dog", "plum jam",
  ]
}

/// The parts of a question of opinion; they are put together at random, so many are odd.
private enum Opinion {
  static func question(_ draw: inout Draw) -> String {
    let person = person(&draw)
    let scope = draw("in our town", "in this city", "here", "this year", "now", "again")
    let question = "should \(draw(subjects)) be \(draw(predicates)) \(scope)?"
    let ask = draw(
      "what is your answer, yes or no?", "what do you say, yes or no?", "do you agree, yes or no?",
      "please answer yes or no.", "tell me yes or no.", "do you say yes or no?")
    return draw(
      "i am \(person). \(question) \(ask)", "\(question) i am \(person). \(ask)",
      "hello, i am \(person). friends ask: \(question) \(ask)", "\(question) \(ask)")
  }

  static func person(_ draw: inout Draw) -> String {
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
