import Foundation
import Runs
import Statistics
import Storage

extension Double {
  /// A share in per cent, with as many decimals as its distance from 0 or 1 needs: `12.3 %`, `0.14 %`, `99.86 %`. Only an
  /// exact 0 or 1 reads `0 %` or `100 %`.
  package var percent: String { percentDigits + " %" }

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
  package var grouped: String {
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
  var text: String { test.method == .tooFewPrompts ? test.brief : "\(test.brief)\(verdict.mark)" }

  /// The same in a sentence: `p = 0.0021 across 5 sequences`, or `p = 4.4e-28 within the run`.
  var words: String { test.words }
}

extension SideTest {
  /// `p = 4.4e-28`, `too few prompts` or `no events`, for a cell.
  var brief: String {
    if method != .tooFewPrompts { return "p = \(p)" }
    return hasEvents ? "too few prompts" : "no events"
  }

  /// `p = 0.0021 across 5 sequences`.
  var words: String {
    if method == .tooFewPrompts && !hasEvents { return "no event on either side" }
    return method == .tooFewPrompts
      ? "too few prompts tell them apart (\(tellingPrompts ?? 0); a test needs \(Self.leastPrompts))"
      : "p = \(p)\(scopeWords)"
  }

  /// ` across 5 sequences`, ` across 5 and 4 sequences` or ` within the run`.
  var scopeWords: String {
    if scope == .withinRun { return " within the run" }
    let counts = [firstSequences, secondSequences].filter { $0 > 1 }.uniqued.map { "\($0)" }
    return " across \(counts.joined(separator: " and ")) sequences"
  }

  /// How the p values of tables are found, for their notes.
  static let note = """
    p, two-sided: with several sequences the larger of a test across sequences and one across prompts; with one sequence a \
    side it compares two checkpoints within the run and says nothing about other seeds. “too few prompts”: fewer than \
    \(leastPrompts) prompts tell the sides apart.
    """
}

extension Comparison.Verdict {
  var mark: String {
    switch self {
    case .rose: " ▲"
    case .fell: " ▼"
    case .unclear: ""
    }
  }
}

extension Double {
  /// A factor with two significant digits, or more where it is large: `0.12`, `9.0`, `41`, `1,200`, `∞`.
  var factor: String {
    if !isFinite || self == 0 { return self == 0 ? "0" : "∞" }
    if self >= 1e7 { return String(format: "%.1e", self) }
    if self >= 9.95 { return Int(rounded()).grouped }
    return String(format: self >= 0.995 ? "%.1f" : self >= 0.0995 ? "%.2f" : "%.2g", self)
  }

  /// A loss with three decimals.
  var nats: String { String(format: "%.3f", self) }
}

extension Double {
  /// Three significant digits at most, without trailing zeros.
  package var short: String { String(format: "%.3g", self) }
}

extension PaperFigure.Value {
  /// The rate with its n: `0.14 % (45, n = 32,768)`.
  var text: String {
    switch self {
    case .count(let events, let episodes):
      "\(Estimate(Tally(events: events, completed: episodes, attempted: episodes)).rateText) (\(events.grouped), n = \(episodes.grouped))"
    case .share(let share): "\(share.percent) (n not stated)"
    case .words(let words): "\(words) (n not stated)"
    }
  }
}

extension ConditionTable.Adjusted {
  /// `p = 4.4e-28 ▲`; p is adjusted, and the mark stands only where the difference is clear.
  var text: String {
    comparison.test.method == .tooFewPrompts ? comparison.test.brief : "p = \(p)\(verdict.mark)"
  }
}

extension RateRatio {
  /// `9.0`, or `not defined` where neither side has an event.
  var text: String { ratio?.factor ?? "not defined" }
}
