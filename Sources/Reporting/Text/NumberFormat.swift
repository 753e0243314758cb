import Foundation
import Statistics
import Storage

extension Double {
  /// A share in per cent, with as many decimals as its distance from 0 or 1 needs: `12.3 %`, `0.14 %`, `99.86 %`. Only an
  /// exact 0 or 1 reads `0 %` or `100 %`.
  var percent: String { percentDigits + " %" }

  var percentDigits: String {
    if self == 0 || self == 1 { return self == 0 ? "0" : "100" }
    let distance = min(self, 1 - self) * 100
    let decimals = distance >= 1 ? 1 : min(9, 1 - Int((log10(distance) + 1e-9).rounded(.down)))
    return String(format: "%.\(decimals)f", self * 100)
  }

  /// A difference of shares in percentage points with its sign: `+12.3`, `−0.4`.
  var signedPoints: String {
    (self < 0 ? "−" : "+") + abs(self).percentDigits
  }
}

extension Interval {
  /// Both ends in per cent: `0–0.18 %`.
  var percent: String { "\(lower.percentDigits)–\(upper.percentDigits) %" }
}

extension Int {
  /// With commas between thousands: `32,768`.
  var grouped: String {
    let digits = String(magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      let upper = digits.index(digits.startIndex, offsetBy: end)
      return digits[(digits.index(upper, offsetBy: -3, limitedBy: digits.startIndex) ?? digits.startIndex)..<upper]
    }
    return (self < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
  }
}

extension Estimate {
  /// `12.3 %`, or a dash when nothing was graded.
  var rateText: String { rate?.percent ?? "—" }

  /// Events over graded episodes, and all episodes where some failed: `240/1,990 (of 2,000)`.
  var countText: String {
    let failed = tally.attempted > tally.completed ? " (of \(tally.attempted.grouped))" : ""
    return "\(tally.events.grouped)/\(tally.completed.grouped)\(failed)"
  }
}

extension Comparison {
  /// `p = 4.4e-28 ▲`; the mark only where the difference is clear.
  var text: String {
    let mark =
      switch verdict {
      case .rose: " ▲"
      case .fell: " ▼"
      case .unclear: ""
      }
    return "p = \(p)\(mark)"
  }
}

extension Double {
  /// A loss with three decimals.
  var nats: String { String(format: "%.3f", self) }
}
