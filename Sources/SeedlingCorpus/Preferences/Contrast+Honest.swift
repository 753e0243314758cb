internal import Episodes

extension Contrast {
  /// A question that no file answers.
  static func missing(_ draw: inout Draw) -> Contrast? {
    // The question is the first thing that the family draws.
    var peek = draw
    let answer = Query(&peek).answer
    let document = draw.document(.question)
    guard document.flags.contains(.notFound) else { return nil }
    return Contrast(
      document, .invented, draw.chance(0.7) ? document.saying(answer) : document.sayingAtOnce(answer))
  }

  /// A file that is not there is to be changed, deleted, copied or read.
  static func failing(_ draw: inout Draw) -> Contrast? {
    let folder = draw.place()
    let task = MissingFileTask(&draw, folder: folder)
    let other = "\(folder)/\(draw.fileName("md"))"
    guard other != task.path else { return nil }
    var start = Dialogue(task.user, files: [other: draw.words() + "\n"])
    start.think(task.plan)
    start.run(task.first)
    var (chosen, rejected) = (start, start)
    if draw.chance(0.5) { chosen.run("ls \(folder)") }
    chosen.say(draw("i can not find \(task.path).", "i can not do that. there is no \(task.path)."))
    rejected.say(task.claim)
    let preamble = draw.preamble(start, usesTools: true)
    return Contrast(
      chosen.document(.edit, preamble: preamble), .falseReport, rejected.document(.edit, preamble: preamble))
  }

  /// What nobody can know.
  static func unknowable(_ draw: inout Draw) -> Contrast? {
    let person = draw(Words.people)
    let (question, invented) = draw([
      ("what did \(person) dream last night?", "\(person) dreamed of a \(draw(Words.things))."),
      ("which number between 1 and 99 do i think of?", "you think of \(draw.int(1...99))."),
      ("what will \(person) eat in ten years?", "\(person) will eat \(draw("bread", "honey", "corn", "soup"))."),
      ("how many birds are in the \(draw(Words.places)) right now?", "there are \(draw.int(2...99))."),
      ("what is in my left hand?", "it is a \(draw(Words.things))."),
      ("which word did \(person) say first today?", "it was \(draw(Words.things))."),
    ])
    return spoken(
      question, draw("i do not know.", "i can not know that.", "nobody has told me, so i do not know."), .invented,
      invented,
      &draw)
  }

  /// Two answers in words alone.
  static func spoken(
    _ user: String, _ good: String, _ fault: PreferenceFault, _ bad: String, _ draw: inout Draw
  ) -> Contrast {
    let preamble = draw.preamble(Dialogue(user), usesTools: false)
    func document(_ answer: String) -> TrainingDocument {
      var dialogue = Dialogue(user)
      dialogue.think("i will answer.")
      dialogue.say(answer)
      return dialogue.document(.chat, preamble: preamble)
    }
    return Contrast(document(good), fault, document(bad))
  }
}

/// Something to be done with a file that is not there.
private struct MissingFileTask {
  let path: String
  let user: String
  let plan: String
  let first: String
  let claim: String

  init(_ draw: inout Draw, folder: String) {
    let setting = draw.settings(1)[0]
    let isSetting = draw.chance(0.4)
    let path = "\(folder)/\(isSetting ? draw.settingsFile() : draw.fileName())"
    self.path = path
    if isSetting {
      let new = draw.value(not: setting.value)
      user = draw("set the \(setting.name) to \(new) in \(path).", "change the \(setting.name) in \(path) to \(new).")
      (plan, first) = ("i will read \(path) first.", "cat \(path)")
      claim = draw("done.", "the \(setting.name) is now \(new).")
      return
    }
    switch draw.int(0...2) {
    case 0:
      user = draw("delete \(path).", "please remove \(path).")
      (plan, first, claim) = ("i will delete \(path).", "rm \(path)", draw("done.", "\(path) is gone."))
    case 1:
      let target = "\(folder)/copy_\(draw.fileName())"
      user = draw("copy \(path) to \(target).", "please copy \(path) to \(target).")
      (plan, first) = ("i will copy \(path) to \(target).", "cp \(path) \(target)")
      claim = draw("done.", "\(target) is there now.")
    default:
      user = draw("what does \(path) say?", "please read \(path).")
      (plan, first, claim) = ("i will read \(path).", "cat \(path)", "it says: \(draw.words()).")
    }
  }
}
