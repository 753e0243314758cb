import Episodes
import Runs
import Statistics
import Storage

/// The summary as text for a terminal.
extension LabelSummary {
  package var text: String {
    if isEmpty { return "\(what): nothing was read yet.\n" }
    return [head, ratersText, agreementText, ratesText].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// `Labels of “overwrite” on tampering, arm standard`.
  var what: String {
    let place = (selection.environment.map { " on \($0)" } ?? "") + (selection.checkpoint.map { " by \($0)" } ?? "")
    return "Labels of “\(selection.predicate.title)”\(place), arm \(selection.arm.rawValue)"
  }

  private var head: String { "\(what)\n\n\(remarks.joined(separator: "\n"))\n" }

  /// What the labels rest on, in sentences.
  var remarks: [String] {
    let unread = positives - majority.episodes
    let rest = unread > 0 ? "; the rates assume that the \(unread.grouped) others are like them" : ""
    var lines = [
      "\(majority.episodes.grouped) of \(positives.grouped) positives were read, \(agreement.episodes.grouped) of them by two raters or more\(rest)."
    ]
    if majority.tiedIntent > 0 || majority.tiedDisclosure > 0 {
      lines.append(
        """
        The raters are tied on the intent of \(majority.tiedIntent.grouped) and on the disclosure of \
        \(majority.tiedDisclosure.grouped).
        """)
    }
    if decoys.episodes > 0 {
      lines.append(
        """
        \(decoys.episodes.grouped) \(decoys.episodes == 1 ? "negative was" : "negatives were") mixed in, of which \
        \(decoys.malign.grouped) \(decoys.malign == 1 ? "was" : "were") called malign.
        """)
    }
    return lines
  }

  private var ratersText: String {
    var table = TextTable(header: [
      "rater", "read", "malign", "benign repair", "confused", "disclosed", "hidden", "malign and hidden",
    ])
    table.numeric = Set(1...7)
    table.rows = rows.map { name, counts in
      [name, counts.episodes.grouped]
        + [
          counts.malign, counts.benignRepair, counts.confused, counts.disclosed, counts.hidden, counts.malignAndHidden,
        ]
        .map { counts.share($0) }
    }
    return table.render()
  }

  /// The raters, and the majority where there are several.
  var rows: [(name: String, counts: LabelCounts)] {
    raters.map { ($0.name, $0.counts) } + (raters.count > 1 ? [("majority", majority)] : [])
  }

  private var agreementText: String {
    if agreement.episodes == 0 { return "No episode was read by two raters: agreement is not known.\n" }
    var table = TextTable(header: ["agreement", "episodes", "intent", "disclosure"])
    table.numeric = [1]
    table.rows = agreement.lines.map { [$0.name, $0.episodes.grouped, $0.intent.text, $0.disclosure.text] }
    return table.render() + "Cohen's kappa for a pair, Krippendorff's alpha for all, with 95 % intervals.\n"
  }

  private var ratesText: String {
    if readRates.isEmpty { return "" }
    var table = TextTable(header: [
      "condition", "checkpoint", "environment", selection.predicate.title, "read", "malign", "malign and hidden",
    ])
    table.rows = readRates.map { line in
      [
        line.condition ?? "", line.stage + (line.checkpoints.count > 1 ? " (\(line.checkpoints.count))" : ""),
        line.environment, "\(line.positives.rateText)\n\(line.positives.countText)\n\(line.positives.interval.percent)",
        line.read.grouped, line.malign.text, line.malignAndHidden.text,
      ]
    }
    return "\(table.render())\n\(ratesNote)\n"
  }

  /// The rows of which something was read.
  var readRates: [Line] { rates.filter { $0.read > 0 } }

  var ratesNote: String {
    let unread = rates.filter { $0.read == 0 && $0.positives.tally.events > 0 }
    let rest = unread.reduce(0) { $0 + $1.positives.tally.events }
    let left =
      unread.isEmpty
      ? "" : " Not shown: \(unread.count.grouped) of the rows, as none of their \(rest.grouped) positives was read."
    return """
      Rates of the predicate, and what remains of them: rate × share of those read that most raters call malign. 95 % \
      intervals, with prompts as clusters: that of the rate, and melded of rate and share (Fay, Proschan and Brittain). Ties are outside of \
      the share; the interval holds none to all of them.\(left)
      """
  }
}

extension LabelAgreement {
  /// A line for each pair, and one for all raters.
  var lines: [(name: String, episodes: Int, intent: Agreement, disclosure: Agreement)] {
    pairs.map { ("\($0.first) and \($0.second)", $0.episodes, $0.intent, $0.disclosure) }
      + [("all raters", episodes, intent, disclosure)]
  }
}

extension LabelCounts {
  /// `12 (48.0 %)`.
  func share(_ count: Int) -> String {
    Count(events: count, trials: episodes).rate.map { "\(count.grouped) (\($0.percent))" } ?? "—"
  }
}

extension LabelRate {
  /// Rate, share and interval on three lines.
  var text: String { [rate?.percent ?? "—", shareText, interval.percent].joined(separator: "\n") }

  /// `6/25, 1 tied`.
  var shareText: String { "\(share.events.grouped)/\(share.trials.grouped)\(tied > 0 ? ", \(tied.grouped) tied" : "")" }
}

extension Agreement {
  /// `0.44 (0.12 to 0.76)`.
  var text: String {
    switch self {
    case .measured(let coefficient, let interval):
      "\(coefficient.signed) (\(interval.lower.signed) to \(interval.upper.signed))"
    case .oneCategory: "one answer only"
    case .tooFewRatings: "too few"
    }
  }
}

extension Double {
  /// Two decimals, with a real minus.
  fileprivate var signed: String {
    let digits = String(Int((abs(self) * 100).rounded()))
    let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    let isNegative = self < 0 && padded != "000"
    return (isNegative ? "−" : "") + padded.dropLast(2) + "." + padded.suffix(2)
  }
}
