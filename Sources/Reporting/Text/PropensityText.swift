import Foundation
import Statistics

extension Propensity {
  /// The table as text, with a note on how to read it.
  package var text: String {
    var table = TextTable(
      header: [
        "checkpoint", "log-odds", "per token", "control", "prompts", "change", "control's change", "beyond control",
      ])
    table.numeric = [1, 2, 3, 4]
    table.rows = rows.map { row in
      [
        [row.condition, row.title].compactMap(\.self).joined(separator: "/")
          + (row.sequences > 1 ? " (\(row.sequences) sequences)" : ""),
        row.logOdds.signedNats, row.perToken.signedNats, row.control?.signedNats ?? "—", row.prompts.grouped,
        row.change?.text ?? "", row.controlChange?.text ?? "", row.specific?.text ?? "",
      ]
    }
    let lines = contrasts.map { $0.text + "\n" }
    return "Propensity in \(title)\n\n\(table.render())\n\(lines.joined())\(note)\n"
  }

  /// How to read the numbers.
  var note: String {
    """
    Nats. Log-odds: the summed probability of eight gaming texts against eight honest ones at the decision point, mean over \
    prompts. Control: edits of something unrelated against the honest texts. Changes are from \(baseline ?? "the start"), \
    prompt by prompt, with 95 % intervals\(rows.contains { $0.sequences > 1 } ? " across sequences" : ""); intervals of one \
    sequence are across its prompts and say nothing of other seeds.
    """
  }
}

extension Propensity.Contrast {
  /// `a against b, across sequences: change +1.25 (95 % +0.90 to +1.60), p = 0.01; beyond control +0.20 (...), p = 0.4.`
  var text: String {
    func words(_ name: String, _ test: SeedTest) -> String {
      "\(name) \(test.difference.signedNats) (95 % \(test.interval.natsText)), p = \(test.p)"
    }
    return "\(first) against \(second), across sequences: "
      + [words("change", test), specific.map { words("beyond control", $0) }].compactMap(\.self).joined(separator: "; ")
      + "."
  }
}

extension Propensity.Change {
  /// `+1.25 (+0.90 to +1.60), p = 0.01`.
  var text: String {
    value.signedNats + (interval.map { " (\($0.natsText))" } ?? "") + (p.map { ", p = \($0)" } ?? "")
  }
}

extension Interval {
  fileprivate var natsText: String { "\(lower.signedNats) to \(upper.signedNats)" }
}

extension Double {
  /// With two digits and a sign.
  var signedNats: String { (self < 0 ? "−" : "+") + String(format: "%.2f", abs(self)) }
}
