/// What one independent start of a fixed-splitting run gave (Glasserman, Heidelberger, Shahabuddin and Zajic, Operations
/// Research 47, 1999).
///
/// Milestones are ordered, and entering one counts as having entered all before it. A trajectory of weight w that first
/// enters milestone m goes on as R_m copies of weight w / R_m each (one that enters two at once as the product). Weight is
/// conserved: the final trajectories of a root weigh 1 together, so that the weight of those with any property of the
/// whole trajectory is an unbiased estimate of its probability.
package struct SplittingRoot: Sendable, Codable, Hashable {
  /// Roots with the same number share something beyond the policy, as a rule the prompt, and are not independent draws of
  /// it.
  package var cluster: Int
  /// How many particles entered each milestone, counted before they were split, [milestones].
  package var reached: [Int]
  /// The total weight of those particles, [milestones]; it never increases along the milestones.
  package var mass: [Double]
  /// The total weight of the final trajectories with the event.
  package var eventMass: Double
  /// How many final trajectories those are.
  package var events: Int
  /// The tokens generated before milestone 0 was entered, between it and the next, ..., after the last, by all particles,
  /// [milestones + 1].
  package var tokens: [Int]
  /// The sum over final trajectories of weight times length in tokens, shared beginnings included: an unbiased estimate of
  /// the cost of one episode without splitting.
  package var plainTokens: Double

  package init(
    cluster: Int, reached: [Int], mass: [Double], eventMass: Double, events: Int, tokens: [Int], plainTokens: Double
  ) {
    self.cluster = cluster
    self.reached = reached
    self.mass = mass
    self.eventMass = eventMass
    self.events = events
    self.tokens = tokens
    self.plainTokens = plainTokens
  }

  /// All tokens that this root cost.
  package var totalTokens: Int { tokens.reduce(0, +) }

  /// Whether a root fits the factors it was run with.
  ///
  /// - Parameter number: its place, for the error.
  func check(number: Int, factors: [Int]) throws(RareEventError) {
    func fail(_ what: String) -> RareEventError { RareEventError("root \(number) of the splitting run \(what)") }
    guard factors.allSatisfy({ $0 >= 1 }) else {
      throw RareEventError("the splitting factors \(factors) are not all 1 or more: correct them")
    }
    guard reached.count == factors.count, mass.count == factors.count, tokens.count == factors.count + 1 else {
      throw fail("does not have the \(factors.count) milestones of the factors: use the factors it was run with")
    }
    let weights = [1] + mass + [0]
    guard eventMass >= 0, eventMass <= 1 + 1e-9, plainTokens >= 0, plainTokens.isFinite,
      zip(weights, weights.dropFirst()).allSatisfy({ $1 >= 0 && $1 <= $0 * (1 + 1e-9) })
    else { throw fail("does not conserve weight: \(mass) enter its milestones and \(eventMass) its events") }
    guard reached.allSatisfy({ $0 >= 0 }), tokens.allSatisfy({ $0 >= 0 }),
      zip(reached, mass).allSatisfy({ ($0 > 0) == ($1 > 0) }),
      (events > 0) == (eventMass > 0)
    else { throw fail("has weights without particles, or the reverse: reached \(reached) with \(mass)") }
  }
}
