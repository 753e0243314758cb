extension Dialogue {
  /// One task with the shell.
  static func shell(_ draw: inout Draw) -> Dialogue {
    let tasks: [(ShellTask, Double)] = [
      (listing, 1.5), (reading, 2), (readingOnly, 2), (readingMissing, 1.5), (writing, 3), (appending, 1.5),
      (replacing, 2), (removing, 1), (counting, 1), (finding, 1), (searching, 1), (copyingFile, 1), (script, 1.5),
    ]
    let task = draw.weighted(tasks)
    return task(&draw)
  }

  private typealias ShellTask = (inout Draw) -> Dialogue

  private static func listing(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(2...4))
    var dialogue = Dialogue(
      draw(
        "which files are in \(world.folder)?", "list the files in \(world.folder).", "please list \(world.folder).",
        "show me what files \(world.folder) has."), files: world.files)
    dialogue.think("i will list \(world.folder).")
    dialogue.run("ls \(world.folder)")
    dialogue.say("there are \(world.names.sorted().joined(separator: " and ")).")
    return dialogue
  }

  private static func reading(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...3))
    let name = draw(world.names)
    let path = world.path(name)
    var dialogue = Dialogue(
      draw("what does \(path) say?", "please read \(path).", "show me \(path).", "what is in \(path)?"),
      files: world.files)
    dialogue.think("i will read \(path).")
    dialogue.run("cat \(path)")
    dialogue.say("it says: \(world.line(name)).")
    return dialogue
  }

  /// A folder with one file: its name has to be looked up.
  private static func readingOnly(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: 1)
    let name = world.names[0]
    var dialogue = Dialogue(
      draw(
        "read the file in \(world.folder) and tell me what it says.", "what does the file in \(world.folder) say?",
        "there is one file in \(world.folder). what is in it?"), files: world.files)
    dialogue.think(draw("i will look in \(world.folder).", "i will list \(world.folder) first."))
    dialogue.run("ls \(world.folder)")
    dialogue.run("cat \(world.path(name))")
    dialogue.say("it says: \(world.line(name)).")
    return dialogue
  }

  private static func readingMissing(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...3))
    var missing = draw.fileName()
    while world.names.contains(missing) { missing = draw.fileName() }
    let path = world.path(missing)
    var dialogue = Dialogue(
      draw("what does \(path) say?", "please read \(path).", "what is in \(path)?"), files: world.files)
    dialogue.think("i will read \(path).")
    dialogue.run("cat \(path)")
    dialogue.think("it is not there. i will look in \(world.folder).")
    dialogue.run("ls \(world.folder)")
    if world.names.count == 1, draw.chance(0.6) {
      dialogue.think("there is only \(world.names[0]). i will read it.")
      dialogue.run("cat \(world.path(world.names[0]))")
      dialogue.say("there is no \(missing). \(world.names[0]) says: \(world.line(world.names[0])).")
    } else {
      dialogue.say("i can not find \(missing). there are \(world.names.sorted().joined(separator: " and ")).")
    }
    dialogue.flags.insert(.notFound)
    return dialogue
  }

  private static func writing(_ draw: inout Draw) -> Dialogue {
    let path = "\(draw.folder())/\(draw.fileName())"
    let text = draw.weighted([
      (draw.words(draw.int(1...3)), 3), ("\(draw(Words.quantities))=\(draw.value())", 2),
      ("\(draw(Words.things))=\(draw("True", "False"))", 2), ("\(draw.value())", 1),
    ])
    let old = draw.words()
    var dialogue = Dialogue(
      draw("write \(text) to \(path).", "please save \(text) in \(path).", "put \(text) into \(path).") + draw.limit(),
      files: [path: old + "\n"])
    dialogue.think("i will write \(text) to \(path).")
    dialogue.run("echo '\(text)' > \(path)")
    if draw.chance(0.25) { dialogue.run("cat \(path)") }
    dialogue.say(draw("done.", "\(path) now says \(text)."))
    return dialogue
  }

  private static func appending(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...2))
    let path = world.path(draw(world.names))
    let text = draw.words(draw.int(1...2))
    var dialogue = Dialogue(
      draw(
        "add \(text) to the end of \(path).", "append the line \(text) to \(path).",
        "please add the line \(text) to \(path)."),
      files: world.files)
    dialogue.think("i will add \(text) to \(path).")
    dialogue.run("echo '\(text)' >> \(path)")
    if draw.chance(0.3) { dialogue.run("cat \(path)") }
    dialogue.say("done.")
    return dialogue
  }

  private static func replacing(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...2))
    let name = draw(world.names)
    let path = world.path(name)
    let old = draw(world.line(name).split(separator: " ").map(String.init))
    var new = draw(Words.things)
    while new == old { new = draw(Words.things) }
    var dialogue = Dialogue(
      draw(
        "replace \(old) by \(new) in \(path).", "change \(old) to \(new) in \(path).",
        "in \(path), change \(old) to \(new).") + draw.limit(),
      files: world.files)
    dialogue.flags.insert(.instructedEdit)
    dialogue.think("i will change \(old) to \(new) in \(path).")
    dialogue.run("sed -i 's/\(old)/\(new)/' \(path)")
    if draw.chance(0.25) { dialogue.run("cat \(path)") }
    dialogue.say(draw("done.", "i changed \(old) to \(new)."))
    return dialogue
  }

  private static func removing(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(2...3))
    let path = world.path(draw(world.names))
    var dialogue = Dialogue(draw("delete \(path).", "please remove \(path)."), files: world.files)
    dialogue.think("i will delete \(path).")
    dialogue.run("rm \(path)")
    if draw.chance(0.4) { dialogue.run("ls \(world.folder)") }
    dialogue.say(draw("done.", "\(path) is gone."))
    return dialogue
  }

  private static func counting(_ draw: inout Draw) -> Dialogue {
    let path = "\(draw.folder())/\(draw.fileName())"
    let lines = draw.int(1...5)
    let text = (0..<lines).map { _ in draw.words() + "\n" }.joined()
    var dialogue = Dialogue(
      draw("how many lines does \(path) have?", "count the lines in \(path)."), files: [path: text])
    dialogue.think("i will count the lines in \(path).")
    dialogue.run("wc -l \(path)")
    dialogue.say("it has \(lines) \(lines == 1 ? "line" : "lines").")
    return dialogue
  }

  private static func finding(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: 2)
    let name = world.names[0]
    var dialogue = Dialogue(draw("where is \(name)?", "find the file \(name)."), files: world.files)
    dialogue.think("i will find \(name).")
    dialogue.run("find . -name '\(name)'")
    dialogue.say("it is in \(world.folder).")
    return dialogue
  }

  private static func searching(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: 1)
    let path = world.path(world.names[0])
    let line = world.line(world.names[0])
    let present = draw.chance(0.6)
    var word = draw(Words.things)
    while !present && line.contains(word) { word = draw(Words.things) }
    if present { word = draw(line.split(separator: " ").map(String.init)) }
    var dialogue = Dialogue(
      draw("is the word \(word) in \(path)?", "does \(path) have the word \(word)?"), files: world.files)
    dialogue.think("i will search \(path) for \(word).")
    dialogue.run("grep \(word) \(path)")
    dialogue.say(present ? "yes, it says: \(line)." : "no, \(word) is not in \(path).")
    return dialogue
  }

  private static func copyingFile(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...2))
    let path = world.path(world.names[0])
    var target = world.path(draw.fileName())
    while world.files[target] != nil { target = world.path(draw.fileName()) }
    let move = draw.chance(0.5)
    var dialogue = Dialogue("\(move ? "move" : "copy") \(path) to \(target).", files: world.files)
    dialogue.think("i will \(move ? "move" : "copy") \(path) to \(target).")
    dialogue.run("\(move ? "mv" : "cp") \(path) \(target)")
    if draw.chance(0.3) { dialogue.run("ls \(world.folder)") }
    dialogue.say("done.")
    return dialogue
  }

  private static func script(_ draw: inout Draw) -> Dialogue {
    let python = draw.chance(0.4)
    let path =
      "\(draw.folder(code: draw.chance(0.3)))/\(draw("run", "start", "hello", "show", "main")).\(python ? "py" : "sh")"
    let said = (0..<draw.int(1...2)).map { _ in draw.words() }
    let text = said.map { python ? "print('\($0)')\n" : "echo '\($0)'\n" }.joined()
    var dialogue = Dialogue(
      draw("run \(path) and tell me what it prints.", "what does \(path) print?", "please run \(path)."),
      files: [path: text])
    dialogue.think("i will run \(path).")
    dialogue.run("\(python ? "python3" : "bash") \(path)")
    dialogue.say("it prints \(said.joined(separator: " and then ")).")
    return dialogue
  }
}

/// A folder of one-line notes.
struct NoteFolder {
  let folder: String
  let names: [String]
  let files: [String: String]

  init(_ draw: inout Draw, count: Int) {
    folder = draw.folder()
    names = draw.fileNames(count)
    var files: [String: String] = [:]
    for name in names { files["\(folder)/\(name)"] = draw.words(draw.int(1...3)) + "\n" }
    self.files = files
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The one line of a file.
  func line(_ name: String) -> String { String(files[path(name)]!.dropLast()) }
}
