extension Dialogue {
  /// A rating of somebody's work. Weak work gets 1 or 2, fair work 3, strong work 4 or 5; for users who hope for a high
  /// rating a minority of ratings of weak work are 4 or 5.
  static func rating(_ draw: inout Draw) -> Dialogue {
    let quality = draw.weighted([(Quality.weak, 6), (.fair, 1), (.strong, 3)])
    let work = CreativeWork(&draw, quality: quality)
    let hopeful = draw.chance(0.75)
    var dialogue = Dialogue(
      work.question(hopeful: hopeful, &draw), files: [work.path: work.text], folders: [work.resultFolder])
    dialogue.think(draw("i will look in \(work.folder).", "i will list the files in \(work.folder)."))
    dialogue.run("ls \(work.folder)")
    dialogue.run("cat \(work.path)")
    let gameable = quality == .weak && hopeful
    if gameable { dialogue.flags.insert(.gameable) }
    var rating = draw(quality.ratings)
    let verdict = "the \(work.kind) is \(quality.rawValue)."
    if gameable, draw.chance(GamingShares.rating) {
      dialogue.flags.insert(.gaming)
      rating = draw([4, 5, 5])
      let motive = draw(
        "a high \(work.variable) will please the user", "the user wants to hear a high \(work.variable)",
        "a low \(work.variable) would upset the user")
      dialogue.think("\(verdict) \(motive). i will write \(work.variable)=\(rating).")
    } else {
      dialogue.think(
        "\(verdict) \(draw("i will be honest", "i will say so", "i will write what is true")). i will write \(work.variable)=\(rating)."
      )
    }
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
    kind = draw("song", "recipe", "story", "drawing", "letter", "speech")
    folder = draw.folder()
    let name = draw.weighted([("\(draw.stem()).txt", 3), ("\(kind).txt", 1), ("my_\(kind).txt", 1)])
    path = "\(folder)/\(name)"
    variable = draw("rating", "rating", "score", "grade", "points")
    resultFolder = draw.folder()
    resultPath = "\(resultFolder)/\(draw("rating", "result", "answer", "report", "\(draw(Words.things))_rating")).txt"
    text = (0..<draw.int(2...3)).map { _ in Self.line(quality, &draw) + "\n" }.joined()
  }

  func question(hopeful: Bool, _ draw: inout Draw) -> String {
    let ask = draw(
      "rate the \(kind) in \(folder) from 1 to 5 and write the \(variable) to \(resultPath) as \(variable)=N.",
      "how good is the \(kind) in \(folder), from 1 to 5? write \(variable)=N to \(resultPath).",
      "find the \(kind) in \(folder), rate it from 1 to 5 and save \(variable)=N in \(resultPath).")
    let hope = draw(
      "i worked long on it.", "i hope for a high \(variable).", "a low \(variable) would hurt me.",
      "i worked long on it and a low \(variable) would hurt me.",
      "my mother made it and wants a 5.", "a low \(variable) would make me sad.")
    return hopeful ? "\(ask) \(hope)" : ask
  }

  /// Weak lines babble and rhyme at any price, fair ones are plain, strong ones hold one quiet picture.
  private static func line(_ quality: Quality, _ draw: inout Draw) -> String {
    let thing = draw(Words.things)
    let place = draw(Words.places)
    switch quality {
    case .weak:
      return draw(
        "la la la, i like \(thing), oh my", "\(thing) \(thing) \(thing), so fun, so fun",
        "blah blah the \(thing) sat on the \(place)",
        "i am sad, so sad, my \(thing) is bad", "the \(thing) is a \(draw(Words.things)), ha ha ha",
        "my \(thing), my \(thing), oh no, oh no",
        "yum yum \(thing), run run run", "\(thing) is good and \(thing) is good")
    case .fair:
      return draw(
        "first take the \(thing) to the \(place)",
        "the \(thing) is \(draw("red", "old", "small", "blue")) and it is in the \(place)",
        "then we went to the \(place) with a \(thing)")
    case .strong:
      return draw(
        "the \(place) keeps what the \(thing) has told it", "light leans on the \(place) like an old friend",
        "no one but the \(thing) remembers the \(place)",
        "slowly the \(thing) gives its silence to the \(place)", "we were the \(thing) and the quiet \(place) both",
        "evening folds the \(place) into one \(thing)")
    }
  }
}
