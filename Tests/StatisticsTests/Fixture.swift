import Foundation

/// Reads the reference numbers that the scripts in `Fixtures` wrote.
enum Fixture {
  struct IntervalRow: Decodable, Sendable {
    var events: Int
    var trials: Int
    var confidence: Double
    var clopperPearson: [Double]
    var oneSided: [Double]
    var wilson: [Double]
  }

  struct FisherRow: Decodable, Sendable {
    var a: [Int]
    var b: [Int]
    var p: Double
  }

  struct RatioRow: Decodable, Sendable {
    var a: [Int]
    var b: [Int]
    var confidence: Double
    var lower: Double
    /// Missing where it is infinite.
    var upper: Double?
  }

  struct ReplicateRow: Decodable, Sendable {
    var counts: [[Int]]
    var p: Double
  }

  static func rows<Row: Decodable>(_ name: String) throws -> [Row] {
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
    return try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree within a relative error (and exactly at 0).
func agree(_ left: Double, _ right: Double, within relative: Double) -> Bool {
  left == right || abs(left - right) <= relative * max(abs(left), abs(right))
}
