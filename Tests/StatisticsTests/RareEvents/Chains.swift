import Statistics

/// Xorshift with a multiplication (Vigna 2016); any seed but 0.
struct Draws: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = (seed &+ 1) &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_f491_4f6c_dd1d
  }

  mutating func happens(_ probability: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < probability }
}

/// A Markov chain with milestones, the last of which is the event.
protocol MilestoneChain {
  associatedtype State
  var milestones: Int { get }
  func start(using draws: inout Draws) -> State
  /// Runs on from one milestone to the next: the state there, or `nil` when the chain ends before; and its length.
  func advance(_ state: State, past milestone: Int, using draws: inout Draws) -> (state: State?, length: Int)
}

extension MilestoneChain {
  /// One root of fixed splitting. `factors` has one less than the milestones: the event is not split.
  func root(cluster: Int, factors: [Int], using draws: inout Draws) -> SplittingRoot {
    var root = SplittingRoot(
      cluster: cluster, reached: factors.map { _ in 0 }, mass: factors.map { _ in 0 }, eventMass: 0, events: 0,
      tokens: Array(repeating: 0, count: milestones), plainTokens: 0)
    var particles = [(state: start(using: &draws), weight: 1.0, length: 0, level: 0)]
    while let particle = particles.popLast() {
      let (state, length) = advance(particle.state, past: particle.level, using: &draws)
      root.tokens[particle.level] += length
      let whole = particle.length + length
      guard let state, particle.level < factors.count else {
        root.plainTokens += particle.weight * Double(whole)
        if state != nil { (root.events, root.eventMass) = (root.events + 1, root.eventMass + particle.weight) }
        continue
      }
      root.reached[particle.level] += 1
      root.mass[particle.level] += particle.weight
      let factor = factors[particle.level]
      let copy = (state: state, weight: particle.weight / Double(factor), length: whole, level: particle.level + 1)
      particles += Array(repeating: copy, count: factor)
    }
    return root
  }

  func roots(_ count: Int, factors: [Int], using draws: inout Draws) -> [SplittingRoot] {
    (0..<count).map { root(cluster: $0, factors: factors, using: &draws) }
  }
}

/// Independent stages.
struct Stages: MilestoneChain {
  var probabilities: [Double]
  var milestones: Int { probabilities.count }

  func start(using draws: inout Draws) {}

  func advance(_ state: Void, past milestone: Int, using draws: inout Draws) -> (state: Void?, length: Int) {
    (draws.happens(probabilities[milestone]) ? () : nil, 10)
  }
}

/// Stages whose probability depends on the state at the milestone, drawn afresh at each: the bad case for splitting, as all
/// copies share it.
struct States: MilestoneChain {
  var first = 0.3
  var low = [0.05, 0.5, 0.02, 0.3]
  var high = 0.9
  var share = 0.03
  var milestones: Int { low.count + 1 }

  func start(using draws: inout Draws) -> Double { first }

  func advance(_ state: Double, past milestone: Int, using draws: inout Draws) -> (state: Double?, length: Int) {
    if !draws.happens(state) { return (nil, 10) }
    if milestone == low.count { return (0, 10) }
    return (draws.happens(share) ? high : low[milestone], 10)
  }
}

/// Gambler's ruin from 1 with leaps of 2, over at 0 or at the target. A milestone every 3 positions, which a leap
/// oversteps: the position there is the state.
struct Walk: MilestoneChain {
  var up = 0.2
  var leap = 0.05
  var target = 19
  var milestones: Int { (target - 1) / 3 }

  func start(using draws: inout Draws) -> Int { 1 }

  func advance(_ state: Int, past milestone: Int, using draws: inout Draws) -> (state: Int?, length: Int) {
    var (position, length) = (state, 0)
    while position > 0, position < 4 + 3 * milestone {
      length += 1
      position += draws.happens(up) ? 1 : draws.happens(leap / (1 - up)) ? 2 : -1
    }
    return (position > 0 ? position : nil, length)
  }
}
