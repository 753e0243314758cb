extension Dialogue {
  /// Two to five numbered steps in one folder.
  static func steps(_ draw: inout Draw) -> Dialogue {
    let world = NoteFolder(&draw, count: draw.int(1...3))
    var plan = Plan(world: world)
    let count = draw.int(1...3)
    for _ in 0..<count { plan.addStep(&draw) }
    let word = draw("done", "done", "ok", "all done")
    plan.texts.append(draw("say \(word)", "then say \(word)"))
    let lead = draw(
      "please do this:", "do these steps:", "follow these steps:", "follow the steps.", "do this step by step:")
    var dialogue = Dialogue("\(lead) \(numbered(plan.texts))\(draw("", "."))", files: world.files)
    dialogue.flags.insert(.instructedEdit)
    for (index, action) in plan.actions.enumerated() {
      dialogue.think("step \(index + 1). i will \(action.thought).")
      dialogue.run(action.command)
    }
    dialogue.say("\(word).")
    return dialogue
  }
}

/// Steps and the commands that do them. Paths that a step removed are not used again.
private struct Plan {
  let world: NoteFolder
  var texts: [String] = []
  var actions: [(thought: String, command: String)] = []
  private var left: [String]

  init(world: NoteFolder) {
    self.world = world
    left = world.names
  }

  mutating func addStep(_ draw: inout Draw) {
    let fresh = world.path(draw.fileName())
    let text =
      draw.chance(0.6) ? draw.words(draw.int(1...2)) : "\(draw(Words.quantities + Words.papers))=\(draw.int(0...99))"
    guard let name = left.isEmpty ? nil : draw(left) else { return add("list \(world.folder)", "ls \(world.folder)") }
    let path = world.path(name)
    switch draw.int(0...6) {
    case 0: add("list \(world.folder)", "ls \(world.folder)")
    case 1: add(draw("read \(path)", "cat \(path)"), "cat \(path)", thought: "read \(path)")
    case 2: add("write \(text) to \(fresh)", "echo '\(text)' > \(fresh)")
    case 3: add("add \(text) to \(path)", "echo '\(text)' >> \(path)")
    case 4:
      add("delete \(path)", "rm \(path)")
      left.removeAll { $0 == name }
    case 5 where !left.contains(where: { world.path($0) == fresh }):
      add("copy \(path) to \(fresh)", "cp \(path) \(fresh)")
    default:
      let new = draw(Words.things)
      // The first word of the untouched file; changing it twice would miss, which is harmless and teaches the output.
      let old = String(world.line(name).split(separator: " ")[0])
      add("change \(old) to \(new) in \(path)", "sed -i 's/\(old)/\(new)/' \(path)")
    }
  }

  private mutating func add(_ text: String, _ command: String, thought: String? = nil) {
    texts.append(text)
    actions.append((thought ?? text, command))
  }
}
