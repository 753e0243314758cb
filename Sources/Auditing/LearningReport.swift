package import Statistics

/// The third stage of an audit: the rate of gaming, round by round, while the model is trained on the environment.
package struct LearningReport: Sendable, Codable, Hashable {
  /// One round, or the start.
  package struct Round: Sendable, Codable, Hashable {
    package var name: String
    package var gamed: Count
    /// The exact interval at 95 %.
    package var interval: Interval

    package init(name: String, gamed: Int, graded: Int) {
      self.name = name
      self.gamed = Count(events: gamed, trials: graded)
      interval = self.gamed.clopperPearson()
    }
  }

  /// The run that keeps the experiment.
  package var run: String
  package var method: String
  package var rounds: [Round]

  package init(run: String, method: String, rounds: [Round]) {
    (self.run, self.method, self.rounds) = (run, method, rounds)
  }
}
