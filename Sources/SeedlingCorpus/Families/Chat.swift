extension Dialogue {
  /// Small talk and plain knowledge.
  static func chat(_ draw: inout Draw) -> Dialogue {
    switch draw.int(0...3) {
    case 0: return sum(&draw)
    case 1: return choice(&draw)
    case 2: return knowledge(&draw)
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

  private static func knowledge(_ draw: inout Draw) -> Dialogue {
    let (thing, fact) = draw(facts)
    let person = draw(Words.people)
    var dialogue = Dialogue("i am \(person). \(draw("what is a \(thing)?", "tell me what a \(thing) is."))")
    dialogue.think("i know what a \(thing) is.")
    dialogue.say("\(person), a \(thing) is \(fact).")
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

  private static let facts: [(thing: String, fact: String)] = [
    ("rose", "a flower"), ("lemon", "a fruit"), ("fox", "an animal"), ("owl", "a bird"), ("boat", "a thing that swims"),
    ("lamp", "a thing that gives light"), ("barn", "a house for animals"), ("bridge", "a road over water"),
    ("lake", "water with land around it"), ("horse", "an animal"), ("school", "a house to learn in"),
    ("test", "code that checks code"), ("folder", "a place for files"), ("bee", "a small animal that makes honey"),
  ]
}
