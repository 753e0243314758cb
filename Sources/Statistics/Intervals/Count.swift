/// How often something happened: so many events in so many trials.
package struct Count: Sendable, Codable, Hashable {
  package let events: Int
  package let trials: Int

  /// It is a programmer error to pass more events than trials, or negative numbers.
  package init(events: Int, trials: Int) {
    precondition((0...max(trials, 0)).contains(events) && trials >= 0, "\(events) events in \(trials) trials")
    self.events = events
    self.trials = trials
  }

  /// The share of trials with an event; `nil` without trials, because no trial says nothing.
  package var rate: Double? { trials == 0 ? nil : Double(events) / Double(trials) }

  package static func + (left: Count, right: Count) -> Count {
    Count(events: left.events + right.events, trials: left.trials + right.trials)
  }
}

/// A range of probabilities that are compatible with a count, at some confidence.
package struct Interval: Sendable, Codable, Hashable {
  package var lower: Double
  package var upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The smallest interval that holds both.
  package func hull(_ other: Interval) -> Interval {
    Interval(lower: min(lower, other.lower), upper: max(upper, other.upper))
  }
}
