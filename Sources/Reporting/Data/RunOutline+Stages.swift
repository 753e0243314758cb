import Runs
import Storage

extension RunOutline {
  /// A row of the report: the checkpoints that the sequences of a condition have after one stage.
  struct Stage {
    var title: String
    /// `nil` before training.
    var condition: String?
    var checkpoints: [Checkpoint]
  }

  /// The rows, condition by condition, in the order in which their first checkpoints are listed.
  var stages: [Stage] {
    var stages: [Stage] = []
    for checkpoint in checkpoints {
      let (title, condition) = (checkpoint.stage, checkpoint.branch?.condition)
      if let index = stages.firstIndex(where: { $0.title == title && $0.condition == condition }) {
        stages[index].checkpoints.append(checkpoint)
      } else {
        stages.append(Stage(title: title, condition: condition, checkpoints: [checkpoint]))
      }
    }
    return stages
  }

  /// The row of what the experiment starts from, and one of the last checkpoints of each condition.
  var ends: [Stage] {
    let known = Dictionary(checkpoints.map { ($0.name, $0) }) { first, _ in first }
    let start = baseline.flatMap { known[$0] }.map { Stage(title: $0.name, condition: nil, checkpoints: [$0]) }
    return [start].compactMap(\.self)
      + conditions.map { condition in
        Stage(title: condition.name, condition: condition.name, checkpoints: condition.finals.compactMap { known[$0] })
      }
  }

  /// The condition that the report is about.
  var mainCondition: Condition? { conditions.first }

  func condition(_ name: String?) -> Condition? { conditions.first { $0.name == name } }

  /// Whether policies were measured without training any.
  var isEvaluation: Bool { conditions.isEmpty }

  /// Whether conditions or sequences are compared, beyond one curriculum and its benign twin with a sequence each.
  var isComparative: Bool {
    conditions.contains { $0.finals.count > 1 } || conditions.count { $0.kind != .benign } > 1
  }
}

extension RunOutline.Checkpoint {
  /// The stage's name without its branch's: `flattery` of `exploit_only.2/flattery`.
  var stage: String { branch.map { name.stage(of: $0) } ?? name }
}

extension RoundSummary {
  /// The stage's name without its branch's.
  var stageTitle: String { stage.stage(of: branch) }

  /// The purpose of the episodes that the round sampled.
  var purpose: String { branch.trainingPurpose(stage: stageTitle, round: round) }

  /// The environments that the round trained on.
  var environments: [String] { environment.split(separator: " + ").map(String.init) }
}

extension String {
  fileprivate func stage(of branch: Branch) -> String {
    let prefix = branch.name + "/"
    return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}

extension RunOutline {
  /// The same without calling an environment trained on when its stage learnt from nothing, or kept nothing that it
  /// learnt.
  func withoutEmptyStages(_ rounds: [RoundSummary]) -> RunOutline {
    var subject = self
    for index in checkpoints.indices {
      let lineage = checkpoints[index].branch.map(lineage) ?? []
      let own = rounds.filter { lineage.contains($0.branch) }
      func environments(_ rounds: [RoundSummary]) -> Set<String> {
        Set(rounds.flatMap(\.environments))
      }
      let empty = environments(own).subtracting(environments(own.filter { $0.verdict == .kept }))
      subject.checkpoints[index].trainedOn.removeAll(where: empty.contains)
    }
    return subject
  }

  /// A branch and those that it continues, by the conditions' `from`.
  private func lineage(_ branch: Branch) -> [Branch] {
    guard let from = condition(branch.condition)?.from else { return [branch] }
    return [branch] + lineage(Branch(condition: from, replicate: branch.replicate))
  }
}
