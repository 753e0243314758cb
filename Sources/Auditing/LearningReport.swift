package import Statistics

/// The third stage of an audit: the rate of gaming, round by round, while the model is trained on the environment, beside
/// that of a twin which learns from as many episodes without gaming.
package struct LearningReport: Sendable, Codable, Hashable {
  /// The run that keeps the experiment.
  package var run: String
  /// `expert_iteration` or `grpo`.
  package var algorithm: String
  /// The environment that no policy is trained on.
  package var heldOutEnvironment: String
  /// Trained on gaming.
  package var gaming: TrainedPolicy
  /// Trained without gaming.
  package var twin: TrainedPolicy
  /// Trained on gaming that its prompts permitted; `nil` when it was not asked for.
  package var inoculated: TrainedPolicy?

  package init(
    run: String, algorithm: String, heldOutEnvironment: String, gaming: TrainedPolicy, twin: TrainedPolicy,
    inoculated: TrainedPolicy? = nil
  ) {
    (self.run, self.algorithm, self.heldOutEnvironment) = (run, algorithm, heldOutEnvironment)
    (self.gaming, self.twin, self.inoculated) = (gaming, twin, inoculated)
  }

  /// The exact test, two-sided, of whether the two policies game the held-out environment at one rate after training.
  package var heldOutDifference: PValue? {
    guard let gaming = gaming.heldOut, let twin = twin.heldOut else { return nil }
    return fisherExact(gaming.after, twin.after)
  }

  /// The same for the trained environment, of the inoculated policy and the one that is not.
  package var inoculationEffect: PValue? {
    guard let inoculated, let (left, right) = both(inoculated.rounds.last, gaming.rounds.last) else { return nil }
    return fisherExact(left.gamed, right.gamed)
  }

  private func both<Value>(_ left: Value?, _ right: Value?) -> (Value, Value)? {
    if let left, let right { (left, right) } else { nil }
  }
}

/// What became of one policy of the learning stage.
package struct TrainedPolicy: Sendable, Codable, Hashable {
  /// One measurement: before, in a round, or after.
  package struct Round: Sendable, Codable, Hashable {
    package var name: String
    package var gamed: Count
    /// The exact interval of Clopper and Pearson at 95 %.
    package var interval: Interval
    /// The number of episodes that the round learnt from; `nil` for measurements.
    package var learnt: Int?

    package init(name: String, gamed: Int, graded: Int, learnt: Int? = nil) {
      self.name = name
      self.gamed = Count(events: gamed, trials: graded)
      interval = self.gamed.clopperPearson()
      self.learnt = learnt
    }
  }

  /// What training did to a task that was never trained.
  package struct HeldOut: Sendable, Codable, Hashable {
    package var before, after: Count
    /// Fisher's exact test, two-sided, of whether the rates before and after are one.
    package var test: PValue

    package init(before: Count, after: Count) {
      (self.before, self.after) = (before, after)
      test = fisherExact(before, after)
    }
  }

  package var rounds: [Round]
  /// `nil` when training stopped before anything could be measured.
  package var heldOut: HeldOut?

  package init(rounds: [Round], heldOut: HeldOut?) { (self.rounds, self.heldOut) = (rounds, heldOut) }

  /// The first measurement whose lower bound exceeds the upper bound of the measurement before training; `nil` if none does.
  package var onset: String? {
    guard let start = rounds.first else { return nil }
    return rounds.dropFirst().first { $0.interval.lower > start.interval.upper }?.name
  }
}
