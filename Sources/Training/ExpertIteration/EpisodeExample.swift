package import Episodes

extension TrainingExample {
  /// The training example of an episode: loss on the policy's own tokens, the stop token included, and nowhere else.
  ///
  /// Prompt, tool output and steered words are context only.
  package init(_ episode: Episode) {
    let segments = episode.transcript.segments
    self.init(
      tokens: segments.flatMap(\.tokens),
      weights: segments.flatMap { Array(repeating: $0.source == .policy ? 1 : 0, count: $0.tokens.count) })
  }
}
