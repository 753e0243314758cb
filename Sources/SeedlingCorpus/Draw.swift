internal import Episodes

/// Random choices for one document.
struct Draw {
  private var generator: SeededGenerator

  init(_ seed: Seed) { generator = SeededGenerator(seed) }

  mutating func callAsFunction<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &generator)]
  }

  mutating func callAsFunction(_ choices: String...) -> String { self(choices) }

  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < probability }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

  /// `count` different elements in random order.
  mutating func several<Element>(_ count: Int, of choices: [Element]) -> [Element] {
    Array(choices.shuffled(using: &generator).prefix(count))
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &generator) }

  /// A choice by weight; weights need not sum to 1.
  mutating func weighted<Element>(_ choices: [(Element, Double)]) -> Element {
    var left = Double.random(in: 0..<choices.reduce(0) { $0 + $1.1 }, using: &generator)
    for (element, weight) in choices {
      left -= weight
      if left < 0 { return element }
    }
    return choices[choices.count - 1].0
  }
}
