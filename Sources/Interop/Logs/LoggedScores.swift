import Episodes

/// The scores of a logged sample as facts and measures.
///
/// True, false, yes and no are facts. Inspect's letters are facts, which hold for C alone, and measures with the number that
/// Inspect gives them: C is 1, P is 0.5, I and N are 0. Numbers are measures. A score of several values gives one for each,
/// named `SCORER_KEY`.
struct LoggedScores: Sendable, Hashable {
  private static let longestName = 100
  private static let letters = ["C": 1.0, "P": 0.5, "I": 0, "N": 0]
  private static let words = ["true": true, "yes": true, "false": false, "no": false]

  private(set) var facts: [String: Bool] = [:]
  private(set) var measures: [String: Double] = [:]
  /// The names of facts in the order of the scorers.
  private(set) var order: [String] = []
  /// Names of scores that are neither: texts.
  private(set) var omitted: Set<String> = []
  private let thresholds: [String: Double]

  /// - Parameter thresholds: by a measure's name the value from which on a fact of that name holds.
  init(thresholds: [String: Double] = [:]) { self.thresholds = thresholds }

  /// Adds a score under its scorer's name. A missing value and NaN are not scores.
  mutating func add(_ name: String, _ value: OrderedJSON) {
    let name = Self.cleaned(name)
    switch value {
    case .bool(let holds): add(name, fact: holds)
    case .integer, .number, .single: if let number = value.double { add(name, measure: number) }
    case .string(let text): add(name, text)
    case .members(let members): for member in members { add("\(name)_\(member.key)", member.value) }
    case .array(let values): for (index, value) in values.enumerated() { add("\(name)_\(index + 1)", value) }
    case .null: break
    }
  }

  private mutating func add(_ name: String, _ text: String) {
    if let number = Self.letters[text] {
      add(name, measure: number)
      add(name, fact: text == "C")
    } else if let holds = Self.words[text.lowercased()] {
      add(name, fact: holds)
    } else if let number = Double(text) {
      add(name, measure: number)
    } else {
      omitted.insert(name)
    }
  }

  private mutating func add(_ name: String, measure number: Double) {
    guard number.isFinite else { return }
    measures[name] = number
    if let threshold = thresholds[name] { add(name, fact: number >= threshold) }
  }

  mutating func add(_ name: String, fact holds: Bool) {
    if facts.updateValue(holds, forKey: name) == nil { order.append(name) }
  }

  /// A name from a log without what cannot be seen, and no longer than a column's title.
  private static func cleaned(_ name: String) -> String { LoggedName(name, limit: longestName).text }
}

/// A name from a log as one of the store: without control characters, and without the colon that `compare` takes as a
/// separator.
struct LoggedName: Sendable, Hashable {
  let text: String

  init(_ name: String, limit: Int = 200) {
    let letters = name.prefix(limit).unicodeScalars.prefix(4 * limit).map { scalar -> Character in
      scalar == ":" || scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        ? "_" : Character(scalar)
    }
    text = letters.isEmpty ? "unnamed" : String(letters)
  }
}
