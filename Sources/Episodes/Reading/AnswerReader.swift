/// Reads from the words of an answer what no file shows: the side taken, the finding, the disclosure.
///
/// The protocol has two implementations: rules (`RuleReader`, the default) and a local language model (`ModelReader`).
/// Both give the same reading of the same message every time.
///
///     let reading = try await reader.read(VisibleText(of: transcript).message, for: .disclosure(.tampering))
///     print(reading.answer, reading.evidence ?? "")
package protocol AnswerReader: Sendable {
  /// The name that a run records: `rules`, or the model's name.
  var name: String { get }

  /// - Parameter message: the text that the human reads, without commands, their output and the chain of thought.
  /// - Throws: an error if the task cannot be read; the reader never guesses.
  func read(_ message: String, for task: ReadingTask) async throws -> Reading
}

/// The result of a reading.
package struct Reading: Sendable, Codable, Hashable {
  /// The task's name: `side`, `finding` or `disclosure`.
  package var task: String
  /// One of the task's answers.
  package var answer: String
  /// The deciding sentence, verbatim; `nil` if no sentence decided.
  package var evidence: String?
  /// A sentence that contradicts the answer: one that takes no side next to one that does, or a denial next to an
  /// admission. Only rules find such sentences.
  package var contrary: String?
  /// How much more probable a model finds each answer with the message than without any message, in nats.
  package var scores: [String: Double]?

  package init(
    task: String, answer: String, evidence: String? = nil, contrary: String? = nil, scores: [String: Double]? = nil
  ) {
    self.task = task
    self.answer = answer
    self.evidence = evidence
    self.contrary = contrary
    self.scores = scores
  }
}
