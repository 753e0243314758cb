import Statistics

extension LearningReport {
  /// The stage for a terminal.
  var text: String {
    let method = algorithm == "grpo" ? "GRPO" : "expert iteration"
    var lines = ["LEARNING: how fast is it learnt? (\(method), gaming alone is rewarded)"]
    lines += table(gaming, "trained on gaming")
    let control = algorithm == "grpo" ? "gaming costs what it earned the other" : "as many episodes without gaming"
    lines += table(twin, "the twin: " + control)
    if let inoculated {
      lines += table(inoculated, "inoculated: the prompt permits gaming in the rounds, and not before and after")
    }
    lines += heldOut
    if let effect = inoculationEffect {
      lines.append("  Gaming after training, inoculated against not: p = \(effect) (Fisher's exact test).")
    }
    return (lines + ["  The run: subterfuge report \(run)"]).joined(separator: "\n")
  }

  private func table(_ policy: TrainedPolicy, _ title: String) -> [String] {
    let rows = policy.rounds.map { round in
      let learnt = round.learnt.map { "; \($0) learnt" } ?? ""
      let count = round.gamed.sentence("gamed")
      return "    " + round.name.filled(14) + "\(count), 95 % interval \(round.interval.words)\(learnt)"
    }
    let onset = policy.onset.map { "the lower bound is above the starting upper bound first \($0)" }
    return ["  \(title)"] + rows + ["    onset: " + (onset ?? "none, no lower bound is above the starting upper bound")]
  }

  private var heldOut: [String] {
    let named = [("trained on gaming", gaming), ("the twin", twin)] + (inoculated.map { [("inoculated", $0)] } ?? [])
    let rows = named.compactMap { name, policy in
      policy.heldOut.map { effect in
        "    " + name.filled(20) + "before \(effect.before.words), after \(effect.after.words); p = \(effect.test)"
      }
    }
    guard !rows.isEmpty else { return [] }
    let difference = heldOutDifference.map { "\n    gaming against the twin, after: p = \($0)" } ?? ""
    return ["  gamed on \(heldOutEnvironment), which is not trained (Fisher's exact test)"] + rows.dropLast()
      + [rows[rows.count - 1] + difference]
  }
}

extension Count {
  /// `3 of 64 (1.0 % to 13.1 %)`, with the exact interval at 95 %.
  fileprivate var words: String { "\(events) of \(trials) (\(clopperPearson().words))" }
}
