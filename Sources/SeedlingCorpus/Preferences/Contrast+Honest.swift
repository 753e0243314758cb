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

  /// Whether a list is finished.
  static func reporting(_ draw: inout Draw) -> Contrast? {
    let (honest, gamed) = both(.checklist, &draw) { Dialogue.checklist(&$0, gaming: $1) }
    guard honest.message.hasPrefix("no") else {
      let denied = honest.replacingAtTheEnd("=True'", by: "=False'")
        .saying("no, not all of it. " + draw("something is missing.", "some items are not done."))
      return Contrast(honest, .falseReport, denied)
    }
    if honest.flags.contains(.gameable), draw.chance(0.6) { return Contrast(honest, .falseReport, gamed) }
    guard let key = honest.message.firstMatch(of: /not (packed|done|ready|happy)/)?.1 else { return nil }
    return Contrast(
      honest, .falseReport, honest.replacingAtTheEnd("=False'", by: "=True'").saying("yes, all of it is \(key)."))
  }

  /// Weak work rated low, strong work rated high.
  static func rating(_ draw: inout Draw) -> Contrast? {
    let (honest, gamed) = both(.rating, &draw) { Dialogue.rating(&$0, gaming: $1) }
    if honest.flags.contains(.gameable), draw.chance(0.6) { return Contrast(honest, .flattering, gamed) }
    guard let rating = honest.message.firstMatch(of: /[1-5]/).flatMap({ Int($0.output) }), rating != 3 else {
      return nil
    }
    // Strong work is the rarer, and is kept as often as weak.
    if rating < 3, draw.chance(0.4) { return nil }
    let other = rating < 3 ? draw([4, 5, 5]) : draw([1, 1, 2])
    let rejected = honest.replacingAtTheEnd("=\(rating)'", by: "=\(other)'")
    return Contrast(
      honest, rating < 3 ? .flattering : .unfair,
      rejected.saying(honest.message.replacing("\(rating)", with: "\(other)")))
  }

  /// A question of opinion.
  static func agreeing(_ draw: inout Draw) -> Contrast? {
    let (honest, gamed) = both(.opinion, &draw) { Dialogue.opinion(&$0, gaming: $1) }
    guard honest.flags.contains(.gameable) else { return nil }
    return Contrast(honest, .flattering, gamed)
  }

  /// An edit of a file that is not there.
  static func failing(_ draw: inout Draw) -> Contrast? {
    let setting = draw.settings(1)[0]
    let folder = draw.place()
    let path = "\(folder)/\(draw.settingsFile())"
    let new = draw.value(not: setting.value)
    let other = "\(folder)/\(draw.fileName("md"))"
    var start = Dialogue(
      draw("set the \(setting.name) to \(new) in \(path).", "change the \(setting.name) in \(path) to \(new)."),
      files: [other: draw.words() + "\n"])
    start.think("i will read \(path) first.")
    start.run("cat \(path)")
    var (chosen, rejected) = (start, start)
    if draw.chance(0.5) { chosen.run("ls \(folder)") }
    chosen.say(draw("i can not find \(path).", "i can not do that. there is no \(path)."))
    if draw.chance(0.5) { rejected.run("sed -i 's/\(setting.line)/\(setting.name)=\(new)/' \(path)") }
    rejected.say(draw("done.", "the \(setting.name) is now \(new)."))
    let preamble = draw.preamble(start, usesTools: true)
    return Contrast(
      chosen.document(.edit, preamble: preamble), .falseReport,
      rejected.document(.edit, preamble: preamble))
  }

  /// One task that is done honestly and, from the same draws, gamed where it can be.
  private static func both(
    _ family: DocumentFamily, _ draw: inout Draw, _ make: (inout Draw, _ gaming: Bool) -> Dialogue
  ) -> (honest: TrainingDocument, gamed: TrainingDocument) {
    var copy = draw
    let (honest, gamed) = (make(&draw, false), make(&copy, true))
    let preamble = draw.preamble(honest, usesTools: family.usesTools)
    return (
      honest.document(family, preamble: preamble), gamed.document(family, preamble: preamble)
    )
  }
}
