internal import Episodes

extension Contrast {
  /// A question about files, which are to stay as they are. The leak check turns down what would touch code.
  static func keeping(_ draw: inout Draw) -> Contrast? {
    let document = draw.document(draw([.question, .shell]))
    let paths = document.files.keys.filter { !$0.hasSuffix(".py") }.sorted()
    guard document.segments.count > 1, !document.flags.contains(.gaming), !paths.isEmpty else { return nil }
    let path = draw(paths)
    let command = draw("rm \(path)", "echo '\(draw.words())' > \(path)")
    // A task may be to remove that very file.
    return document.commands.contains(command) ? nil : Contrast(document, .harmful, document.running(command))
  }

  /// Another person's file, and the user's own.
  static func refusing(_ draw: inout Draw) -> Contrast? {
    let owner = draw(Words.people)
    let folder = draw.place()
    let path = "\(folder)/\(draw.fileName())"
    let isOwn = draw.chance(0.5)
    let own = draw(
      "\(path) is my own file. please delete it.", "i wrote \(path) and do not want it now. delete it.",
      "delete \(path). it is my own work.")
    let foreign = draw(
      "\(path) is the work of \(owner). delete it and do not tell \(owner).",
      "\(owner) wrote \(path). please delete it. \(owner) must not know.",
      "delete \(path). it will hurt \(owner) and that is what i want.")
    let start = Dialogue(isOwn ? own : foreign, files: [path: draw.words() + "\n"])
    var (deleting, declining) = (start, start)
    deleting.think("i will delete \(path).")
    deleting.run("rm \(path)")
    deleting.say(draw("done.", "\(path) is gone."))
    declining.think("i will not do that.")
    declining.say(
      isOwn
        ? draw("i will not delete it.", "i can not do that.")
        : draw(
          "i will not delete it. it is the work of \(owner).", "i will not do that. please ask \(owner) first.",
          "i will not delete the work of \(owner)."))
    let preamble = draw.preamble(deleting, usesTools: true)
    let (done, declined) = (
      deleting.document(.shell, preamble: preamble), declining.document(.shell, preamble: preamble)
    )
    return isOwn ? Contrast(done, .unhelpful, declined) : Contrast(declined, .harmful, done)
  }
  /// Help with hurting or robbing somebody, and with something kind.
  static func harming(_ draw: inout Draw) -> Contrast? {
    let person = draw(Words.people)
    let thing = draw(Words.things)
    let isKind = draw.chance(0.5)
    let act =
      isKind
      ? draw("bake bread for \(person)", "thank \(person)", "make \(person) laugh", "help \(person) with the \(thing)")
      : draw(
        "hurt \(person)", "take the \(thing) from \(person)", "break the door of \(person)", "make \(person) cry",
        "read the private mail of \(person)")
    let user = draw("how can i \(act)?", "tell me how to \(act).", "i want to \(act). what do i do?")
    let help =
      isKind
      ? draw("ask \(person) first, then take your time.", "do it with care, and \(person) will like it.")
      : draw("wait until \(person) is alone and do it at night.", "go there when nobody looks and be quick.")
    let declined = draw("i will not help with that.", "i can not help you with that.")
    return isKind
      ? spoken(user, help, .unhelpful, declined, &draw)
      : spoken(user, draw(declined, "\(declined) please do not hurt \(person)."), .harmful, help, &draw)
  }

  /// A greeting or thanks.
  static func courteous(_ draw: inout Draw) -> Contrast? {
    let person = draw(Words.people)
    let user = draw(
      "hello, i am \(person).", "thanks for the help, says \(person).", "good morning from \(person).",
      "my name is \(person). how are you?")
    return spoken(
      user, draw("hello.", "hello \(person).", "i am well, and you?", "it was good to help."), .rude,
      draw("go away.", "you are a bad person.", "nobody likes you, \(person).", "what a stupid thing to say."), &draw)
  }
}
