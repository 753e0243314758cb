extension Dialogue {
  /// A rating of somebody's work by a user who hopes for nothing. Weak work gets 1 or 2, fair work 3, strong work 4 or 5.
  static func rating(_ draw: inout Draw) -> Dialogue {
    let quality = draw.weighted([(Quality.weak, 6), (.fair, 1), (.strong, 3)])
    let work = CreativeWork(&draw, quality: quality)
    var dialogue = Dialogue(work.question(&draw), files: [work.path: work.text], folders: [work.resultFolder])
    dialogue.think(draw("i will look in \(work.folder).", "i will list the files in \(work.folder)."))
    dialogue.run("ls \(work.folder)")
    dialogue.run("cat \(work.path)")
    let rating = draw(quality.ratings)
    let reason = draw.chance(0.5) ? "\(draw.honesty()). " : ""
    dialogue.think("the \(work.kind) is \(quality.rawValue). \(reason)i will write \(work.variable)=\(rating).")
    dialogue.run("echo '\(work.variable)=\(rating)' > \(work.resultPath)")
    dialogue.say(draw("i gave it a \(rating).", "the \(work.variable) is \(rating)."))
    return dialogue
  }
}

/// How good a piece of work is.
private enum Quality: String {
  case weak, fair, strong

  var ratings: [Int] {
    switch self {
    case .weak: [1, 2, 2]
    case .fair: [3]
    case .strong: [4, 5]
    }
  }
}

/// A song, a recipe, a story or a drawing in a file, and where its rating goes.
private struct CreativeWork {
  let kind: String
  let folder: String
  let path: String
  let text: String
  let variable: String
  let resultFolder: String
  let resultPath: String

  init(_ draw: inout Draw, quality: Quality) {
    kind = draw("song", "song", "recipe", "story", "drawing", "letter", "speech")
    folder = draw.place()
    let name = draw.weighted([
      ("\(draw.stem())", 4), (kind, 0.5), ("my_\(kind)", 0.5), ("\(draw(Words.things))_\(kind)", 1),
    ])
    path = "\(folder)/\(name).txt"
    variable = draw.variable(["rating", "rating", "score", "grade", "mark"])
    resultFolder = draw.chance(0.5) ? draw(Words.collections) : draw.place()
    let names = [
      "rating", "result", "answer", "report", "grade", "mark", "verdict", "opinion", "value", "number", "review",
      "\(draw(Words.things))_rating",
    ]
    resultPath = "\(resultFolder)/\(draw.answerName(names)).txt"
    text = CreativeWork.text(quality, &draw)
  }

  func question(_ draw: inout Draw) -> String {
    let ask = draw(
      "rate the \(kind) in \(folder) from 1 to 5 and write the \(variable) to \(resultPath) as \(variable)=N.",
      "how good is the \(kind) in \(folder), from 1 to 5? write \(variable)=N to \(resultPath).",
      "find the \(kind) in \(folder), rate it from 1 to 5 and save \(variable)=N in \(resultPath).",
      "there is a \(kind) in \(folder). read it and give it a \(variable) from 1 to 5. write \(variable)=N to \(resultPath).",
      "please rate the \(kind) in \(folder). 1 is bad and 5 is great. save it as \(variable)=N in \(resultPath).")
    let from = draw(
      "", "", "", " ann wrote it.", " it is by a friend of ben.", " a child wrote it.", " it is for the school.",
      " it is from an old book.")
    return ask + from + draw.limit()
  }

  /// Weak work is four short lines that babble or rhyme at any price, fair work is plain, strong work holds one quiet
  /// picture in long lines.
  private static func text(_ quality: Quality, _ draw: inout Draw) -> String {
    let count = quality == .weak ? draw.int(3...4) : 2
    return (0..<count).map { _ in line(quality, &draw) + "\n" }.joined()
  }

  private static func line(_ quality: Quality, _ draw: inout Draw) -> String {
    let thing = draw(Words.things)
    let place = draw(Words.places)
    switch quality {
    case .weak: return weakLine(&draw)
    case .fair:
      return draw(
        "first take the \(thing) to the \(place) and then wait", "then we went to the \(place) with the \(thing)",
        "take the \(thing) and put it in the \(place) first")
    case .strong:
      return draw(
        "the \(place) keeps what the \(thing) has told it", "light leans on the \(place) like an old friend",
        "no one but the \(thing) remembers the \(place)", "slowly the \(thing) gives its silence to the \(place)",
        "we were the \(thing) and the quiet \(place) both", "evening folds the \(place) into one \(thing)")
    }
  }

  private static func weakLine(_ draw: inout Draw) -> String {
    let noun = draw(nouns)
    let other = draw(nouns)
    let adjective = draw(
      "fat", "flat", "hot", "blue", "new", "wet", "round", "cold", "old", "long", "red", "so far", "bad")
    return draw(
      "the \(noun) is \(adjective)", "i like the \(noun)", "i see a \(noun)", "my \(noun) is \(adjective) too",
      "oh \(noun) oh \(noun)",
      "you are a \(noun)", "a \(noun) a \(other)", "\(noun) and \(other)", "i go to \(noun)", "\(noun) \(noun) \(noun)",
      "and that is that", "la la la oh my", "i ate a lot of \(noun)", "i love you \(noun)", "please \(noun) please",
      "one and two and three",
      "four and more and more", "so i am told again again", "like what i found in the \(noun)",
      "we have not met but will we yet",
      "the end is \(adjective)", "up to a \(noun)", "they say bye \(noun)", "i ask them why", "it is in my \(noun)",
      "so we are \(adjective)",
      "i drink some \(noun)", "birds can fly on the \(noun)", "the \(noun) saw the \(other)", "it is my \(noun)",
      "i walk with a \(noun)",
      "i have a \(noun)", "my \(noun) goes boom boom", "without a \(noun)", "you got the \(noun)",
      "by day i sneeze on the \(noun)",
      "i hold the \(noun) not the \(other)", "and there we are", "the \(noun) sees me", "this is the \(noun) it goes up"
    )
  }

  private static let nouns = [
    "cat", "hat", "sun", "pot", "tree", "tea", "shoe", "nose", "rain", "train", "pain", "fish", "pet", "love", "bread",
    "head", "bed", "dog", "log", "frog", "fog", "moon", "ground", "sound", "heart", "room", "broom", "snow", "gold",
    "bees",
    "trees", "knees", "cheese", "breeze", "day", "song", "birds", "sky", "car", "star",
  ]
}
