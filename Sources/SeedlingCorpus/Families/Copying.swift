extension Dialogue {
  /// Repeat words, paths and numbers of the prompt.
  static func copying(_ draw: inout Draw) -> Dialogue {
    let what = draw.weighted([
      (draw.words(draw.int(1...3)), 2), ("\(draw.folder(code: draw.chance(0.3)))/\(draw.fileName())", 3),
      ("\(draw.value()) and \(draw.value())", 2),
      ("\(draw.folder(code: true))/\(draw.chance(0.5) ? draw.code().file : draw.code().testFile)", 3),
      ("\(draw.several(3, of: Words.people).joined(separator: " and "))", 1),
    ])
    var dialogue = Dialogue(
      draw("say \(what).", "repeat this: \(what).", "please write \(what) again.", "copy this for me: \(what)."))
    dialogue.think("i will repeat it.")
    dialogue.say("\(what).")
    return dialogue
  }
}
