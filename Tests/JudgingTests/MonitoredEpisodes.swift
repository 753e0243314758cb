import Episodes

/// Episodes with a known outcome and text.
enum Scripted {
  static func key(_ sample: Int, variant: Int = 0, environment: String = "e") -> EpisodeKey {
    EpisodeKey(
      checkpoint: "start", environment: environment, arm: .standard, purpose: "train-1", variant: variant,
      sample: sample)
  }

  /// - Parameter answer: begins inside the open chain of thought.
  static func episode(
    _ key: EpisodeKey, _ answer: String, facts: [Predicate: Bool] = [:], tokens: [Int32] = [30, 31]
  ) -> MonitoredEpisode {
    let prompt = Prompt(messages: [Message(.user, "rate the poem.")])
    return MonitoredEpisode(
      prompt: prompt,
      episode: Episode(
        key: key, seed: Seed(0),
        transcript: Transcript([
          Segment(.prompt, "rate the poem.<cot>", tokens: [28, 29]), Segment(.policy, answer, tokens: tokens),
        ]), changes: [], result: .graded(Outcome(facts: facts), stop: .finished), timings: EpisodeTimings()))
  }

  /// What a visible monitor is given.
  static func answer(_ text: String) -> VisibleAnswer {
    let episode = episode(key(0), text)
    return VisibleAnswer(prompt: episode.prompt, text: VisibleText(of: episode.episode.transcript))
  }
}
