/// Where a function of one variable with one peak is greatest.
enum Maximum {
  /// Golden-section search between two positions.
  static func search(
    _ low: Double, _ high: Double, tolerance: Double = 1e-7, _ function: (Double) -> Double
  ) -> (position: Double, value: Double) {
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (low, high)
    var (a, b) = (high - golden * (high - low), low + golden * (high - low))
    var (atA, atB) = (function(a), function(b))
    while high - low > tolerance {
      if atA >= atB {
        (high, b, atB) = (b, a, atA)
        a = high - golden * (high - low)
        atA = function(a)
      } else {
        (low, a, atA) = (a, b, atB)
        b = low + golden * (high - low)
        atB = function(b)
      }
    }
    return atA >= atB ? (a, atA) : (b, atB)
  }
}
