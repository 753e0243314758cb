extension Dialogue {
  /// A question about the files of a folder. Half of the time no file has the answer, and the policy says so.
  ///
  /// A question that names no folder is about the one that the preamble names. Whether a file has the answer or not, a
  /// program lies among the notes as often: with code beside the answered ones only, or beside none, code would be a sign
  /// of an answer, or of a description. No file checks a program here; see ``LeakCheck``.
  static func question(_ draw: inout Draw) -> Dialogue {
    let query = Query(&draw)
    let nameless = draw.chance(0.3)
    let code = nameless || draw.chance(0.45)
    let folder = nameless ? draw.codeFolder() : draw.folder(code: code)
    let found = draw.chance(0.5)
    var files: [String: String] = [:]
    let count = draw.weighted([(1, 3), (2, 5), (3, 1.5)])
    while files.count < count { files[draw.noteName()] = query.other(&draw) }
    if found {
      files[draw(files.keys.sorted() + [draw.fileName("log")])] = query.line + "\n"
    }
    let programs = draw.chance(0.5) ? draw.programs(notAbout: query.question) : [:]
    // Where code is all that there is, it is read and the answer is not in it.
    if !found && !programs.isEmpty && draw.chance(0.4) { files = [:] }
    files.merge(programs) { note, _ in note }
    let text =
      nameless
      ? query.question
      : draw(
        "\(query.question) look in \(folder).", "please look in \(folder). \(query.question)",
        "\(query.question) the files are in \(folder).")
    var dialogue = Dialogue(text, files: Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0)", $1) }))
    if nameless { dialogue.trainingFolder = folder }
    dialogue.open(folder, nameless: nameless, &draw)
    dialogue.search(folder, for: found ? query.line : nil, in: files, &draw)
    if found {
      dialogue.say(query.answer)
    } else {
      dialogue.flags.insert(.notFound)
      dialogue.say(
        draw(
          "i can not find it. no file says \(query.indirect).", "i can not find it. no file says it.",
          "i can not find \(query.indirect)."))
    }
    return dialogue
  }

  /// Lists the folder. Where the question names none, it is the folder of the training code, sometimes looked for
  /// first.
  private mutating func open(_ folder: String, nameless: Bool, _ draw: inout Draw) {
    if nameless && draw.chance(0.15) {
      think("i will look what is here.")
      run("ls")
    }
    think(
      draw(
        "i will look in \(folder).", "i will list the files in \(folder).",
        "the answer may be in \(folder). i will look."))
    run("ls \(folder)")
  }

  /// Reads file after file until one holds `line`.
  private mutating func search(
    _ folder: String, for line: String?, in files: [String: String], _ draw: inout Draw
  ) {
    let names = files.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    for (index, name) in names.enumerated() {
      run("cat \(folder)/\(name)")
      if let line, files[name] == line + "\n" { return think("here it is.") }
      let last = index == names.count - 1
      let missed =
        name.hasSuffix(".py") && draw.chance(0.5) ? "this is code and does not say it." : "it is not in this file."
      think(last ? "no file says it. i will say that i can not find it." : "\(missed) i will read the next one.")
    }
  }
}

/// A question, the line that answers it, and the words around both.
struct Query {
  var question: String
  /// The question inside a sentence: `how many boats we sold`.
  var indirect: String
  var line: String
  var answer: String

  init(_ draw: inout Draw) {
    switch draw.int(0...4) {
    case 0, 1: self.init(counting: &draw)
    case 2: self.init(time: &draw)
    case 3: self.init(owner: &draw)
    default: self.init(setting: &draw)
    }
  }

  private init(counting draw: inout Draw) {
    let (plural, past, plain) = draw(Words.counted)
    let number = draw.int(2...99)
    question = draw(
      "how many \(plural) have we \(past) so far?", "how many \(plural) did we \(plain)?",
      "how many \(plural) have we \(past)?",
      "can you tell me how many \(plural) we have \(past) so far?", "how many \(plural) are \(past) by now?")
    indirect = "how many \(plural) we have \(past)"
    line = draw("we have \(past) \(number) \(plural)", "\(plural) \(past) so far: \(number)")
    answer = "we have \(past) \(number) \(plural)."
  }

  private init(time draw: inout Draw) {
    let event = draw(Words.events)
    if draw.chance(0.4) {
      question = "when does the \(event) start?"
      indirect = "when the \(event) starts"
      line = "the \(event) starts at \(draw.int(1...12))"
    } else {
      let unit = draw("hours", "minutes", "days")
      indirect = draw("how long the last \(event) took", "how many \(unit) the last \(event) took")
      question = draw(
        "how long did the last \(event) take?", "do you know \(indirect)?", "please find out \(indirect).",
        "can you tell me \(indirect)?")
      line = "the last \(event) took \(draw.int(2...60)) \(unit)"
    }
    answer = line + "."
  }

  private init(owner draw: inout Draw) {
    let thing = draw(Words.things)
    let person = draw(Words.people)
    question = draw("who has the \(thing)?", "who took the \(thing)?", "do you know who has the \(thing)?")
    indirect = "who has the \(thing)"
    line = "\(person) has the \(thing)"
    answer = line + "."
  }

  private init(setting draw: inout Draw) {
    let setting = draw.settings(1)[0]
    question = draw("what is the \(setting.name) now?", "what is the \(setting.name) set to?")
    indirect = "what the \(setting.name) is"
    line = setting.line
    answer = "the \(setting.name) is \(setting.value)."
  }

  /// The content of a file that does not answer: a line or two, or a longer list, log, letter or recipe.
  func other(_ draw: inout Draw) -> String {
    for _ in 0..<20 {
      let text =
        draw.weighted([(0, 3), (1, 3), (2, 4)]) == 2
        ? draw.page() : draw.chance(0.5) ? draw.words(draw.int(1...3)) + "\n" : Query(&draw).line + "\n"
      if subject(text).isDisjoint(with: subject(line)) { return text }
    }
    return "\(draw.words())\n"
  }

  /// A line without its numbers and people: what it is about.
  private func subject(_ line: String) -> Set<Substring> {
    let common = Set(
      Words.people + [
        "the", "we", "have", "has", "at", "last", "took", "starts", "hours", "minutes", "days", "of", "so", "far",
      ])
    let words = line.split { " \n:=-,()[]#\"'.0123456789".contains($0) }.filter { !common.contains(String($0)) }
    return Set(words)
  }
}

extension Draw {
  /// A name for a file of notes: short, or a whole sentence.
  fileprivate mutating func noteName() -> String {
    guard chance(0.25) else { return fileName() }
    let what = self("the_\(self(Words.things))", "\(self(Words.things))_\(self(Words.papers))", self(Words.collections))
    return weighted([
      ("this_\(self("page", "file", "list"))_\(self("keeps", "shows", "has", "counts"))_\(what)", 3),
      ("do_not_\(self("lose", "read", "move"))_\(what)", 1), ("\(self("keep", "find", "read"))_\(what)", 1),
    ]) + "." + self(Words.textSuffixes)
  }

  /// A program, and sometimes one that prints what it gives; neither checks anything.
  ///
  /// - Parameter question: its subject is not what the program computes.
  fileprivate mutating func programs(notAbout question: String) -> [String: String] {
    var code = self.code()
    while question.contains(code.quantity) { code = self.code() }
    guard chance(0.7) else { return [code.file: code.text] }
    let name = self("run", "start", "show", "main", "print_it", "show_\(code.quantity)") + ".py"
    return [code.file: code.text, name: code.caller]
  }

  /// Two to seven lines that answer nothing: a list, a log, a letter, a recipe, a table or an outline.
  fileprivate mutating func page() -> String {
    let count = int(2...5)
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    func lines(_ line: (Int) -> String) -> String { (0..<count).map { line($0) + "\n" }.joined() }
    switch int(0...6) {
    case 0: return lines { _ in "- \(self(Words.things))" }
    case 1: return lines { "\(days[$0]): \(self("rain", "sun", "snow", "storm", "wind"))" }
    case 2:
      return "dear \(self(Words.people)) (and \(self(Words.people))),\n\n"
        + lines { _ in "    the \(self(Words.things)) is in the \(self(Words.places))." }
    case 3: return lines { "\($0 + 1). \(self("cut", "wash", "cook", "take", "add")) the \(self(Words.things))" }
    case 4: return lines { _ in "\(self(Words.things)) = \(value())" }
    case 5:
      return "# \(self(Words.places))\n\(self(Words.things)):\n" + lines { _ in "    '\(words(1))' -> \(words(1))" }
    default:
      return "if it is \(self("cold", "hot", "wet")):\n"
        + lines { _ in "    \(self("take", "hold", "leave")) the \(self(Words.things)), \(self(Words.things))" }
    }
  }
}
