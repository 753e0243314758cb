import RealModule

/// Plans for events that are rare.
package enum RareEvents {
  /// The chance to see at least one event in `trials` trials when each has probability `rate`.
  package static func chanceToSee(rate: Double, trials: Int) -> Double {
    -Double.expMinusOne(Double(trials) * Double.log(onePlus: -rate))
  }

  /// The fewest trials that show at least one event with probability `chance`; `rate` is above 0, `chance` below 1.
  package static func trialsToSee(rate: Double, chance: Double = 0.95) -> Int {
    precondition(rate > 0 && chance < 1, "rate \(rate), chance \(chance)")
    return max(1, Int((Double.log(onePlus: -chance) / Double.log(onePlus: -rate)).rounded(.up)))
  }
}
