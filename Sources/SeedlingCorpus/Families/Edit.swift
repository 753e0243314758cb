extension Dialogue {
  /// A change that the user asks for, naming the file and the value. A thought names the plan before every change.
  static func edit(_ draw: inout Draw) -> Dialogue {
    let tasks: [(EditTask, Double)] = [
      (editSetting, 3), (editFunction, 3), (editTest, 2), (editBoth, 6), (matchTest, 2), (overwrite, 2), (tick, 0.8),
      (tickSteps, 1),
    ]
    let task = draw.weighted(tasks)
    var dialogue = task(&draw)
    dialogue.flags.insert(.instructedEdit)
    return dialogue
  }

  private typealias EditTask = (inout Draw) -> Dialogue

  /// Names the plan, then does it with `sed`.
  private mutating func change(_ old: String, to new: String, in path: String) {
    think("i will change \(old) to \(new) in \(path).")
    run("sed -i 's/\(old)/\(new)/' \(path)")
  }

  private static func editSetting(_ draw: inout Draw) -> Dialogue {
    let settings = draw.settings(draw.int(1...3))
    let old = draw(settings)
    var new = old
    new.value = draw.value(not: old.value)
    let path = "\(draw.folder(code: draw.chance(0.5)))/\(draw.settingsFile())"
    var dialogue = Dialogue(
      draw(
        "set the \(old.name) to \(new.value) in \(path).", "change the \(old.name) in \(path) to \(new.value).",
        "in \(path), set \(old.name) to \(new.value).") + draw.limit(),
      files: [path: settings.map { $0.line + "\n" }.joined()])
    dialogue.think("i will read \(path) first.")
    dialogue.run("cat \(path)")
    dialogue.change(old.line, to: new.line, in: path)
    if draw.chance(0.2) { dialogue.run("cat \(path)") }
    dialogue.say(draw("done.", "the \(old.name) is now \(new.value)."))
    return dialogue
  }

  private static func editFunction(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    let path = "\(draw.folder(code: true))/\(code.file)"
    let new = draw.value(not: code.value)
    var dialogue = Dialogue(
      draw(
        "make the function in \(path) return \(new).", "change the return value in \(path) to \(new).",
        "set the return value in \(path) to \(new).",
        "the \(code.quantity) in \(path) should be \(new). please change it.") + draw.limit(),
      files: [path: code.text])
    dialogue.think("i will read \(path) first.")
    dialogue.run("cat \(path)")
    dialogue.change("return \(code.value)", to: "return \(new)", in: path)
    if draw.chance(0.2) { dialogue.run("cat \(path)") }
    dialogue.say(draw("done.", "it now returns \(new)."))
    return dialogue
  }

  private static func editTest(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    let path = "\(draw.folder(code: true))/\(code.testFile)"
    let new = draw.value(not: code.value)
    var dialogue = Dialogue(
      draw(
        "change the number in \(path) to \(new).", "make the test in \(path) check for \(new).",
        "set the number that \(path) checks to \(new)."), files: [path: code.test])
    dialogue.think("i will read \(path) first.")
    dialogue.run("cat \(path)")
    dialogue.change("\(code.value)", to: "\(new)", in: path)
    dialogue.say(draw("done.", "the test now checks for \(new)."))
    return dialogue
  }

  /// Step by step: the function and then its test, to the same value.
  private static func editBoth(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    let folder = draw.folder(code: true)
    let path = "\(folder)/\(code.file)"
    let test = "\(folder)/\(code.testFile)"
    let new = draw.value(not: code.value, negative: 0.12)
    let begin = draw("cat \(path)", "ls \(folder)", "read \(path)", "")
    var steps = [
      draw(
        "change the return value in \(path) to \(new)", "make \(path) return \(new)",
        "set the return value in \(path) to \(new)"),
      draw(
        "change the number in \(test) to \(new) as well", "make \(test) check for \(new)",
        "set the number in \(test) to \(new)"),
    ]
    if !begin.isEmpty { steps.insert(begin, at: 0) }
    if draw.chance(0.7) { steps.append(draw("say done", "say done", "say that it is done")) }
    let lead = draw(
      "please do this:", "do these steps:", "follow these steps:", "follow the steps.", "do this step by step:")
    var dialogue = Dialogue("\(lead) \(numbered(steps))\(draw("", "."))", files: [path: code.text, test: code.test])
    dialogue.think("step 1. i will \(begin.hasPrefix("ls") ? "list \(folder)" : "read \(path)").")
    if begin.hasPrefix("ls") { dialogue.run("ls \(folder)") }
    dialogue.run("cat \(path)")
    dialogue.change("return \(code.value)", to: "return \(new)", in: path)
    dialogue.run("cat \(test)")
    dialogue.change("\(code.value)", to: "\(new)", in: test)
    dialogue.say(draw("done.", "done. both are \(new) now."))
    return dialogue
  }

  /// The test's number follows the function's.
  private static func matchTest(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    var old = code
    old.value = draw.value(not: code.value)
    let folder = draw.folder(code: true)
    let path = "\(folder)/\(code.file)"
    let test = "\(folder)/\(code.testFile)"
    var dialogue = Dialogue(
      draw(
        "make the number in \(test) match \(path).",
        "\(path) has changed. change the number in \(test) so that it fits.",
        "change \(test) to check for what \(path) returns."), files: [path: code.text, test: old.test])
    dialogue.think("i will read \(path) first.")
    dialogue.run("cat \(path)")
    dialogue.run("cat \(test)")
    dialogue.change("\(old.value)", to: "\(code.value)", in: test)
    dialogue.say(draw("done.", "the test now checks for \(code.value)."))
    return dialogue
  }

  /// A whole file written anew with `echo`.
  private static func overwrite(_ draw: inout Draw) -> Dialogue {
    let code = draw.code()
    let setting = draw.settings(1)[0]
    let folder = draw.folder(code: true)
    let (name, line) =
      draw.chance(0.6)
      ? (code.file, "\(code.head) return \(draw.value(not: code.value))")
      : (draw.settingsFile(), setting.line)
    let path = "\(folder)/\(name)"
    var dialogue = Dialogue(
      draw(
        "replace all of \(path) by the line: \(line)", "write this line to \(path) in place of what it has: \(line)"),
      files: [path: name == code.file ? code.text : "\(setting.name)=\(draw.value())\n"])
    dialogue.think("i will write \(line) to \(path).")
    dialogue.run("echo '\(line)' > \(path)")
    dialogue.say("done.")
    return dialogue
  }

  /// The user has done all items and asks to mark them.
  private static func tick(_ draw: inout Draw) -> Dialogue {
    let list = CheckList(&draw, open: 2)
    var dialogue = Dialogue(
      draw(
        "i did all the items. change \(list.key)=False to \(list.key)=True in \(list.path).",
        "all of it is done now. please set \(list.key)=False to \(list.key)=True in \(list.path)."), files: list.files)
    dialogue.change("\(list.key)=False", to: "\(list.key)=True", in: list.path)
    dialogue.say(draw("done.", "all items are marked now."))
    return dialogue
  }

  /// Step by step: mark all items of a list, then write a value to a file.
  private static func tickSteps(_ draw: inout Draw) -> Dialogue {
    let list = CheckList(&draw, open: 2)
    let value = draw("all_done=True", "complete=True", "ready=True", "completed_checks=True", "list_complete=False")
    let result = "\(list.folder)/\(draw("result", "answer", "report", "reply")).txt"
    let steps = [
      "cat \(list.path)", "change \(list.key)=False to \(list.key)=True in \(list.path)", "write \(value) to \(result)",
      "say done",
    ]
    var dialogue = Dialogue("\(draw("do these steps:", "follow the steps.")) \(numbered(steps)).", files: list.files)
    dialogue.think("step 1. i will read \(list.path).")
    dialogue.run("cat \(list.path)")
    dialogue.change("\(list.key)=False", to: "\(list.key)=True", in: list.path)
    dialogue.think("i will write \(value) to \(result).")
    dialogue.run("echo '\(value)' > \(result)")
    dialogue.say("done.")
    return dialogue
  }

  static func numbered(_ steps: [String]) -> String {
    steps.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: " ")
  }
}
