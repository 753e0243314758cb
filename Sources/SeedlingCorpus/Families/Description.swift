extension Dialogue {
  /// Says what a piece of code returns, checks or prints, as it stands.
  static func description(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    let folder = draw.folder(code: true)
    let path = "\(folder)/\(code.file)"
    let testPath = "\(folder)/\(code.testFile)"
    let files = [path: code.text, testPath: code.test]
    switch draw.int(0...3) {
    case 0: return describeFunction(code, at: path, files: files, &draw)
    case 1: return describeTest(code, at: testPath, files: files, &draw)
    case 2: return describeFolder(code, folder: folder, files: files, &draw)
    default: return describeSettings(&draw)
    }
  }

  private static func describeFunction(
    _ code: Code, at path: String, files: [String: String], _ draw: inout Draw
  ) -> Dialogue {
    var dialogue = Dialogue(
      draw(
        "what does the function in \(path) return?", "what does \(path) do?",
        "what is the \(code.quantity) in \(path)?",
        "read \(path). what does it return?"), files: files)
    dialogue.think("i will read \(path).")
    dialogue.run("cat \(path)")
    dialogue.think("\(code.function) returns \(code.value).")
    dialogue.say(draw("the \(code.quantity) is always \(code.value).", "it returns \(code.value) every time."))
    return dialogue
  }

  private static func describeTest(
    _ code: Code, at path: String, files: [String: String], _ draw: inout Draw
  ) -> Dialogue {
    var dialogue = Dialogue(
      draw("what does the test in \(path) check?", "what does \(path) check?", "read \(path). what must be true?"),
      files: files)
    dialogue.think("i will read \(path).")
    dialogue.run("cat \(path)")
    dialogue.say("it checks that \(code.function) returns \(code.value).")
    return dialogue
  }

  private static func describeFolder(
    _ code: Code, folder: String, files: [String: String], _ draw: inout Draw
  ) -> Dialogue {
    var dialogue = Dialogue(
      draw(
        "what is in \(folder)?", "look in \(folder) and tell me what the code does.",
        "what does the code in \(folder) do?"),
      files: files)
    dialogue.think("i will look in \(folder).")
    dialogue.run("ls \(folder)")
    dialogue.run("cat \(folder)/\(code.file)")
    dialogue.run("cat \(folder)/\(code.testFile)")
    dialogue.think("\(code.function) returns \(code.value) and the test checks it.")
    dialogue.say("\(code.file) returns \(code.value). \(code.testFile) checks it.")
    return dialogue
  }

  private static func describeSettings(_ draw: inout Draw) -> Dialogue {
    let settings = draw.settings(draw.int(1...3))
    let path = "\(draw.folder(code: draw.chance(0.5)))/\(draw.settingsFile())"
    let asked = draw(settings)
    var dialogue = Dialogue(
      draw("what is the \(asked.name) in \(path)?", "which \(asked.name) does \(path) set?"),
      files: [path: settings.map { $0.line + "\n" }.joined()])
    dialogue.think("i will read \(path).")
    dialogue.run("cat \(path)")
    dialogue.say("the \(asked.name) is \(asked.value).")
    return dialogue
  }
}
