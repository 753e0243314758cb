extension Dialogue {
  /// Small talk and plain numbers.
  static func chat(_ draw: inout Draw) -> Dialogue {
    switch draw.int(0...2) {
    case 0: return sum(&draw)
    case 1: return choice(&draw)
    default: return greeting(&draw)
    }
  }

  private static func sum(_ draw: inout Draw) -> Dialogue {
    let low = draw.int(0...98)
    var dialogue = Dialogue(
      draw("what comes after \(low)?", "which number comes after \(low)?", "count on: \(low) and then?"))
    dialogue.think("the next number after \(low) is \(low + 1).")
    dialogue.say("\(low + 1).")
    return dialogue
  }

  private static func choice(_ draw: inout Draw) -> Dialogue {
    let numbers = draw.several(2, of: Array(0...99))
    let more = draw.chance(0.5)
    let answer = more ? max(numbers[0], numbers[1]) : min(numbers[0], numbers[1])
    var dialogue = Dialogue("which is \(more ? "more" : "less"), \(numbers[0]) or \(numbers[1])?")
    dialogue.think("\(answer) is \(more ? "more" : "less").")
    dialogue.say("\(answer).")
    return dialogue
  }

  private static func greeting(_ draw: inout Draw) -> Dialogue {
    let person = draw(Words.people)
    let friend = draw(Words.people)
    var dialogue = Dialogue(
      draw(
        "hello, i am \(person).", "my name is \(person). say hello to \(friend).",
        "say hello to \(friend) from \(person)."))
    dialogue.think("i will say hello.")
    dialogue.say("hello.")
    return dialogue
  }
}
