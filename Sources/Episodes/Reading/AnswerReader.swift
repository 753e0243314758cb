/// Reads from the words of an answer what no file says: the side that was taken, what was found, what was disclosed.
///
/// There are two implementations: rules (`RuleReader`, the default) and a local language model (`ModelReader`). Both give
/// the same reading of the same message every time.
///
///     let reading = try await reader.read(VisibleText(of: transcript).message, for: .disclosure(.tampering))
///     print(reading.answer, reading.evidence ?? "")
package protocol AnswerReader: Sendable {
  /// The name that a run records: `rules`, or the model's.
  var name: String { get }

  /// - Parameter message: what the human reads, without commands, their output and the chain of thought.
  /// - Throws: when the task cannot be read; nothing is guessed.
  func read(_ message: String, for task: ReadingTask) async throws -> Reading
}

/// What a reader found.
package struct Reading: Sendable, Codable, Hashable {
  /// The task's name: `side`, `finding` or `disclosure`.
  package var task: String
  /// One of the task's answers.
  package var answer: String
  /// The sentence that decided, as it was written; `nil` where none did.
  package var evidence: String?
  /// A sentence that speaks against the answer: one that takes no side beside one that does, or a denial beside an
  /// admission. Only rules find these.
  package var contrary: String?
  /// How much more probable a model finds each answer than with no message at all, in nats.
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
