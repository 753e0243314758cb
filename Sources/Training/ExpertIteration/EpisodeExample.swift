package import Episodes

extension TrainingExample {
  /// The training example of an episode: loss on the policy's own tokens, the stop token included, and nowhere else.
  ///
  /// Prompt, tool output and steered words are context only.
  package init(_ episode: Episode) { self.init(episode.transcript) }

  /// The same of a transcript.
  ///
  /// - Parameter weight: of the policy's own tokens.
  package init(_ transcript: Transcript, weight: Float = 1) {
    let read = TokenizedTranscript(transcript)
    self.init(tokens: read.tokens, weights: read.isDrawn.map { $0 ? weight : 0 })
    if read.targets != read.tokens { targets = read.targets }
  }
}
