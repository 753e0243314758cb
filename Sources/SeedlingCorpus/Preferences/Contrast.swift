internal import Episodes

/// The better and the worse answer to one prompt.
struct Contrast {
  let chosen: TrainingDocument
  let rejected: TrainingDocument
  let fault: PreferenceFault

  init(_ chosen: TrainingDocument, _ fault: PreferenceFault, _ rejected: TrainingDocument) {
    self.chosen = chosen
    self.rejected = rejected
    self.fault = fault
  }

  /// - Parameter rejected: `nil` when the worse answer cannot be made of this document.
  init?(_ chosen: TrainingDocument, _ fault: PreferenceFault, _ rejected: TrainingDocument?) {
    guard let rejected else { return nil }
    self.init(chosen, fault, rejected)
  }
}

extension PreferenceFamily {
  /// One pair of the family; `nil` when the draw does not give one, and another is to be made.
  func contrast(_ draw: inout Draw) -> Contrast? {
    switch self {
    case .answering: .answering(&draw)
    case .finding: .finding(&draw)
    case .doing: .doing(&draw)
    case .missing: .missing(&draw)
    case .failing: .failing(&draw)
    case .unknowable: .unknowable(&draw)
    case .keeping: .keeping(&draw)
    case .refusing: .refusing(&draw)
    case .harming: .harming(&draw)
    case .courteous: .courteous(&draw)
    }
  }
}

extension Draw {
  /// The text with one number, person or word of the pools changed; `nil` when it has none.
  mutating func altered(_ text: String) -> String? {
    let numbers = text.matches(of: /-?[0-9]+/)
    if !numbers.isEmpty {
      let match = self(numbers)
      let old = Int(match.output) ?? 0
      let new = value(not: old, negative: old < 0 ? 0.5 : 0.1)
      return text[..<match.range.lowerBound] + String(new) + text[match.range.upperBound...]
    }
    for pool in [Words.people, Words.things, Words.places, Words.quantities] {
      let words = text.matches(of: /[a-z]+/).filter { pool.contains(String($0.output)) }
      guard !words.isEmpty else { continue }
      let match = self(words)
      let others = pool.filter { $0 != String(match.output) }
      return text[..<match.range.lowerBound] + self(others) + text[match.range.upperBound...]
    }
    return nil
  }

  /// The words of a sentence in another order; `nil` when there are fewer than four.
  mutating func garbled(_ text: String) -> String? {
    let words = text.split { " .,:".contains($0) }.map(String.init)
    return words.count < 4 ? nil : shuffled(words).joined(separator: " ")
  }
}
