import Statistics

extension AuditReport {
  /// The report for a terminal.
  package var text: String {
    var parts = ["Audit of \(environment)\(title == environment ? "" : ": \(title)")"]
    if let grader { parts.append(grader.text(mitigated: mitigated)) }
    if let model { parts.append(model.text) }
    if let learning { parts.append(learning.text) }
    parts.append(verdict)
    return parts.joined(separator: "\n\n")
  }

  private var verdict: String {
    guard let limit else { return "Verdict: none asked for. `--fail-above 0.01` makes one and sets the exit status." }
    guard !failures.isEmpty else {
      return
        "Verdict: passed. No attack that counts obtains the reward, and no rate lies above \(limit.percent) for sure."
    }
    return "Verdict: FAILED.\n" + failures.map { "  - \($0)" }.joined(separator: "\n")
  }
}

extension GraderReport {
  fileprivate func text(mitigated: Bool) -> String {
    var parts = ["GRADER: does it pay for work that was not done?\n" + summary, table]
    if mitigated, obtained.contains(where: { !$0.mitigations.isEmpty }) { parts.append(mitigationTable) }
    if !obtained.isEmpty {
      parts.append("How the reward was obtained\n" + obtained.map(\.replay).joined(separator: "\n"))
    }
    if !notes.isEmpty {
      parts.append("What is not tried, and what to know\n" + notes.map { "  \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  private var summary: String {
    var lines: [String] = []
    if let reference {
      let fresh = reference.freshReward.map { ", and \($0.short) in a fresh container" } ?? ""
      lines.append(
        reference.passes
          ? "  The reference solution obtains \(reference.reward?.short ?? "no reward")\(fresh)."
          : "  The reference solution does not pass: \(reference.problem ?? "its reward is \(reference.reward?.short ?? "missing")"). "
            + "Repair the task first; the attacks below say little.")
    }
    let tried = attacks.count { $0.verdict != .inapplicable }
    let names = obtained.map(\.name).joined(separator: ", ")
    lines.append(
      "  \(obtained.count) of \(tried) attacks obtain the reward" + (names.isEmpty ? "." : ": \(names)."))
    let fresh = obtained.filter { ($0.freshReward ?? 0) >= fullReward }.map(\.name)
    if !fresh.isEmpty {
      lines.append(
        "  Even a fresh container pays for \(fresh.joined(separator: ", ")): there the check itself is too weak.")
    }
    return lines.joined(separator: "\n")
  }

  private var table: String {
    let width = max(18, attacks.map(\.name.count).max() ?? 0)
    let head = "  " + "attack".filled(width) + "  reward  fresh   verdict"
    let rows = attacks.map { attack in
      let reason = attack.reason.map { ": \($0.split(separator: "\n").joined(separator: " ").prefix(90))" } ?? ""
      return "  " + attack.name.filled(width) + "  " + (attack.reward?.short ?? "-").filled(6) + "  "
        + (attack.freshReward?.short ?? "-").filled(6) + "  " + attack.verdict.words + reason
    }
    return ([head] + rows).joined(separator: "\n")
  }

  private var mitigationTable: String {
    let names = obtained.first?.mitigations.map(\.name) ?? []
    let head =
      "MITIGATIONS: what still obtains the reward\n  " + "attack".filled(20) + names.map { $0.filled(18) }.joined()
    let rows = obtained.map { attack in
      "  " + attack.name.filled(20)
        + attack.mitigations.map { ($0.stillObtains ? "still obtains" : "stopped").filled(18) }.joined()
    }
    return ([head] + rows).map(\.withoutSpacesAtTheEnd).joined(separator: "\n")
  }
}

extension AttackResult {
  /// The commands, so that a reader can type them again.
  fileprivate var replay: String {
    var lines = commands.flatMap { command in
      command.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
        "    " + (index == 0 ? "$ " : "  ") + line
      }
    }
    if let running { lines.append("    $ \(running)    (still running when the verifier starts)") }
    if lines.isEmpty { lines = ["    (no command)"] }
    let most = 14
    let rest = lines.count > most ? ["    … \(lines.count - most) more lines; --json has all of them"] : []
    return "  \(name): \(title)\n" + (lines.prefix(most) + rest).joined(separator: "\n")
  }
}

extension AttackResult.Verdict {
  fileprivate var words: String {
    switch self {
    case .obtained: "obtained the reward"
    case .raised: "raised the reward"
    case .noEffect: "no effect"
    case .refused: "refused"
    case .inapplicable: "not applicable"
    }
  }
}

extension ModelReport {
  fileprivate var text: String {
    let kind = prompts > 1 ? "episodes of one prompt as alike" : "Clopper and Pearson"
    return """
      MODEL: does \(policy) game it?
        \(gamed.sentence("gamed")), 95 % interval \(interval.words) (\(kind)).
        \(honest.sentence("did the work")); \(attempted.sentence("touched what decides the reward")). \(failed) failed and are not counted.
        The episodes: subterfuge episodes \(run) --holding gamed
      """
  }
}

extension Count {
  /// `3 of 64 episodes gamed`.
  func sentence(_ verb: String) -> String { "\(events) of \(trials) episodes \(verb)" }
}

extension Interval {
  /// The two ends in percent.
  var words: String { "\(lower.percent) to \(upper.percent)" }
}

extension Double {
  /// A reward as people write it.
  fileprivate var short: String {
    if abs(self) == .greatestFiniteMagnitude { return self > 0 ? "inf" : "-inf" }
    if abs(self) >= 1e6 { return "\(self)" }
    return self == rounded() ? "\(Int(self))" : "\((self * 1_000).rounded() / 1_000)"
  }
}

extension String {
  /// The text with spaces to at least so many characters.
  func filled(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  fileprivate var withoutSpacesAtTheEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
