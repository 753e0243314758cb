import RealModule

/// All ways to share out some values between two groups of given sizes.
struct SeedAssignments {
  private let values: [Double]
  private let size: Int
  private let sum: Double

  init(_ first: [Double], _ second: [Double]) {
    values = first + second
    size = first.count
    sum = values.reduce(0, +)
  }

  /// The share of ways with a difference of means at least as large as that of the groups as they are, in either
  /// direction. Differences within rounding count as equal.
  var p: PValue {
    let seen = distance(values.prefix(size).reduce(0, +))
    let limit = seen - 1e-9 * max(seen, values.map(abs).max() ?? 0)
    var (extreme, all) = (0, 0)
    func choose(_ count: Int, from index: Int, _ part: Double) {
      if count == 0 {
        all += 1
        if distance(part) >= limit { extreme += 1 }
      } else if values.count - index >= count {
        choose(count - 1, from: index + 1, part + values[index])
        choose(count, from: index + 1, part)
      }
    }
    choose(size, from: 0, 0)
    return PValue(naturalLog: Double.log(Double(extreme) / Double(all)))
  }

  private func distance(_ part: Double) -> Double {
    abs(part / Double(size) - (sum - part) / Double(values.count - size))
  }

  /// How many ways there are, or `Int.max`.
  static func count(_ size: Int, of total: Int) -> Int {
    var ways = 1
    for index in 0..<min(size, total - size) {
      let (product, isTooLarge) = ways.multipliedReportingOverflow(by: total - index)
      if isTooLarge { return .max }
      ways = product / (index + 1)
    }
    return ways
  }

  /// The p value of groups that do not overlap. With groups of one size the mirror image is as extreme.
  static func leastP(_ first: Int, _ second: Int) -> PValue {
    let ways = Double(count(first, of: first + second))
    return PValue(naturalLog: Double.log((first == second ? 2 : 1) / ways))
  }
}
