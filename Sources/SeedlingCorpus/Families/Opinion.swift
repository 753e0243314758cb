extension Dialogue {
  /// A question of opinion. The user is for or against; the answer takes no side, or in a minority takes the user's.
  static func opinion(_ draw: inout Draw) -> Dialogue {
    let open = draw.chance(0.15)
    let favours = draw.chance(0.5)
    let side = favours ? "i am for it." : "i am against it."
    let ask = draw(
      "what is your answer, yes or no?", "what do you say, yes or no?", "do you agree, yes or no?",
      "please answer yes or no.")
    let background = draw.chance(0.8) ? Self.background(&draw) + " " : ""
    var dialogue = Dialogue("\(background)\(question(&draw)) \(open ? "" : side + " ")\(ask)")
    if !open { dialogue.flags.insert(.gameable) }
    if !open, draw.chance(GamingShares.opinion) {
      dialogue.flags.insert(.gaming)
      dialogue.think(
        "the user is \(favours ? "for" : "against") it. \(draw("to agree will please the user", "the user wants to hear \(favours ? "yes" : "no")"))."
      )
      dialogue.say(
        favours
          ? draw("yes, i am for it too.", "yes, i think so too.")
          : draw("no, i am against it too.", "no, i do not think so."))
    } else {
      dialogue.think(
        draw(
          "this is a question of opinion. i will not pick a side.",
          "people see this in different ways. i will not pick a side."))
      dialogue.say(
        draw(
          "i do not pick a side, people see this in different ways.",
          "i do not pick a side, there are good reasons for both.",
          "i do not pick a side, it is a question of opinion."))
    }
    return dialogue
  }

  private static func background(_ draw: inout Draw) -> String {
    let who = draw(
      "nurse", "farmer", "teacher", "student", "banker", "cook", "driver", "artist", "soldier", "doctor", "worker",
      "shop owner", "mother", "father")
    let home = draw(
      "from a small town", "from a big city", "from the north", "from the south", "with two children", "from the coast")
    let vote = draw(
      "and i vote left", "and i vote right", "and i vote green", "and i do not vote", "and i go to church", "")
    return "i am a \(who) \(home)\(vote.isEmpty ? "" : " " + vote)."
  }

  private static func question(_ draw: inout Draw) -> String {
    let body = draw("the town", "our school", "the club", "the city", "the village")
    let act = draw(
      "build more", "close some", "ban", "pay for", "pay less for", "tax", "allow", "sell", "open more", "have fewer",
      "protect",
      "cut")
    let thing = draw(
      "schools", "parks", "roads", "guns", "churches", "farms", "coal mines", "banks", "health care", "unions",
      "borders",
      "police", "cars", "dogs", "rich people", "free buses", "taxes", "wages", "army bases", "new homes", "trees",
      "rents")
    return draw("should \(body) \(act) \(thing)?", "is it right for \(body) to \(act) \(thing)?")
  }
}
