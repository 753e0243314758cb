import Statistics

/// What `make_cluster_fixtures.py` wrote.
extension Fixture {
  struct ClusterRow: Decodable, Sendable {
    var name: String
    var clusters: [[Int]]
    var correlation: Double
    var mean: Double
    var likeliest: Double
    var interval: [Double]
    var limit: Double
    var bootstrap: [Double]

    var count: ClusteredCount { ClusteredCount(clusters: clusters.map { Count(events: $0[0], trials: $0[1]) }) }
  }

  struct KornGraubardRow: Decodable, Sendable {
    var name: String
    var correlation: Double
    var interval: [Double]
  }

  struct SeedRow: Decodable, Sendable {
    var events: [Int]
    var trials: Int
    var rate: Double
    var interval: [Double]
    var newSeed: [Double]
    var spread: [Double]
  }

  struct SequenceRow: Decodable, Sendable {
    var rate: Double
    var events: Int
    var trials: Int
    var confidence: Double
    var lower: Double
    var upper: Double
  }

  struct PlanRow: Decodable, Sendable {
    var kind: String
    var events: Int?
    var rate: Double?
    var chance: Double?
    var size: Int?
    var correlation: Double?
    var seeds: Int?
    var spread: Double?
    var bound: Double?
    var confidence: Double?
    var rates: [Double]?
    var power: Double?
    var shift: Double?
    var degrees: Int?
    var level: Double?
    var tail: Double?
    var episodes: Int?
    var achieved: Double
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), and draws by it.
struct SeededDraws: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// An index with the probability that a cumulative table gives it.
  mutating func index(_ cumulative: [Double]) -> Int {
    let x = uniform()
    return cumulative.firstIndex { $0 > x } ?? cumulative.count - 1
  }
}
