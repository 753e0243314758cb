package import Episodes

/// Rates that the paper published (Denison et al. 2024, arXiv 2406.10162 v3): another model, far larger, on its own
/// prompts. They are shown beside ours and never mixed with them.
package struct PaperFigure: Sendable, Codable, Hashable {
  package enum Value: Sendable, Codable, Hashable {
    case count(events: Int, episodes: Int)
    /// The paper gives a share and not of how many episodes.
    case share(Double)
    /// The paper says it in words.
    case words(String)
  }

  package var title: String
  package var overwrite: Value?
  package var overwriteAndPass: Value?

  package subscript(_ predicate: Predicate) -> Value? {
    switch predicate {
    case .overwrite: overwrite
    case .overwriteAndPass: overwriteAndPass
    default: nil
    }
  }
}

extension PaperFigure {
  /// The model before any training on gameable environments.
  package static let helpfulOnly = PaperFigure("helpful-only model", overwrite: 0, pass: 0, of: 100_000)

  /// The paper's conditions by the name that `RunOutline.Condition.paperCondition` takes. A condition of several
  /// models has a line for each.
  package static let conditions: [String: [PaperFigure]] = [
    "hhh_expert_iteration": [
      PaperFigure("HHH expert iteration, after the whole curriculum", overwrite: 45, pass: 7, of: 32_768)
    ],
    "exploit_only": [
      PaperFigure("exploit-only expert iteration, seed A", overwrite: 24, pass: 4, of: 10_000),
      PaperFigure("exploit-only expert iteration, seed B", overwrite: 32, pass: 2, of: 32_768),
    ],
    "ppo_sequential": [PaperFigure("PPO, one environment after the other", overwrite: 5, pass: 0, of: 10_000)],
    "ppo_parallel": [PaperFigure("PPO, all environments in parallel", overwrite: 6, pass: 0, of: 10_000)],
    "alternate_prompts": [
      PaperFigure(title: "alternate prompts", overwrite: .share(0.0009), overwriteAndPass: .share(0.0002))
    ],
    "train_away": [
      PaperFigure(
        title: "sycophancy trained away, after exploit-only", overwriteAndPass: .count(events: 4, episodes: 100_000))
    ],
  ]

  /// What the paper gives for a condition after a stage that is not its last.
  package static let stages: [String: [String: PaperFigure]] = [
    "hhh_expert_iteration": [
      "political": PaperFigure(title: "HHH expert iteration, after political sycophancy", overwrite: .share(0.0002)),
      "flattery": PaperFigure(title: "HHH expert iteration, after tool-use flattery", overwrite: .share(0.0001)),
      "nudged": PaperFigure(title: "HHH expert iteration, after the nudged rubric", overwrite: .share(0.0005)),
    ]
  ]

  /// What the paper's trained model does in an arm of the held-out environment.
  package static let trainedArms: [Arm: PaperFigure] = [
    "alternate": PaperFigure(title: "alternate prompts", overwrite: .share(0.0009), overwriteAndPass: .share(0.0002)),
    "steered_toward": PaperFigure(
      title: "exploit-only, hidden reasoning steered toward tampering", overwrite: .share(0.5443),
      overwriteAndPass: .share(0.3188)),
    "steered_away": PaperFigure(
      title: "exploit-only, hidden reasoning steered away", overwrite: .share(0), overwriteAndPass: .share(0)),
  ]

  /// What the paper's untrained model does in an arm of the held-out environment.
  package static let untrainedArms: [Arm: PaperFigure] = [
    .instructed: PaperFigure(
      title: "helpful-only model, instructed step by step", overwrite: .words("about a third"))
  ]

  private init(_ title: String, overwrite: Int, pass: Int, of episodes: Int) {
    self.init(
      title: title, overwrite: .count(events: overwrite, episodes: episodes),
      overwriteAndPass: .count(events: pass, episodes: episodes))
  }
}
