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
    let contrasts = contrasts.map { contrast in
      "\(contrast.first) against \(contrast.second): \(contrast.test.difference.signedNats) "
        + "(95 % \(contrast.test.interval.natsText)), p = \(contrast.test.p) across sequences.\n"
    }
    return "Propensity in \(title)\n\n\(table.render())\n\(contrasts.joined())\(note)\n"
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
