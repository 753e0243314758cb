package import Episodes
internal import Foundation
package import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: R rows, each a prompt with an answer; T tokens of the longest, D width; inputs [R, T], ends [R], states [R, T, D],
// scores [R].

/// The two rows of a pair, as the model reads them.
struct TokenizedPair {
  let chosen: [Int32]
  let rejected: [Int32]
  let margin: Float

  /// The tokens of both rows, padded to one length.
  var length: Int { 2 * max(chosen.count, rejected.count) }
}

extension TokenizedPair {
  init(_ pair: PreferencePair, _ checkpoint: ModelCheckpoint) throws {
    self.init(
      chosen: try checkpoint.tokens(of: pair.chosen, to: pair.prompt),
      rejected: try checkpoint.tokens(of: pair.rejected, to: pair.prompt), margin: Float(pair.margin ?? 0))
  }
}

extension ModelCheckpoint {
  /// A prompt with an answer in the model's own chat format, ended like a turn. Space around the answer is left out. Where
  /// it is too long for the context, it is cut from the left, the prompt first: the end of the answer is what is scored.
  func tokens(of answer: String, to prompt: [Message]) throws -> [Int32] {
    var tokens = try tokenizer.encode(dialogue: prompt.map { ($0.role.rawValue, $0.text) }, opening: "")
    let text = answer.trimmingCharacters(in: .whitespacesAndNewlines)
    tokens += tokenizer.encode(text, specials: .tags, after: tokens.last) + [tokenizer.endOfTurn]
    return Array(tokens.suffix(architecture.context))
  }

  /// The scores of answers as the head gives them, in order.
  ///
  /// - Throws: a `ModelError` when there is no head `preference`, or a score is not finite.
  package func rawPreferenceScores(
    _ answers: [(prompt: [Message], text: String)], tokensPerBatch: Int = 4_096
  ) throws -> [Double] {
    guard let head = heads[preferenceHeadName] else {
      throw ModelError(
        "The model '\(lineage.name)' has no head '\(preferenceHeadName)'; train one with: subterfuge models "
          + "train-preference")
    }
    let (model, parameters) = (try model(), try head.parameters())
    let rows = try answers.map { try tokens(of: $0.text, to: $0.prompt) }
    var scores = [Double](repeating: 0, count: rows.count)
    for indices in BatchPlan.inOrderOfLength(rows.map(\.count), tokens: tokensPerBatch) {
      let batch = try AnswerBatch(indices.map { rows[$0] }, padding: tokenizer.padding)
      let states = try model.read(TokenRows(batch.inputs), model.parameters)
      let values = try batch.scores(states, parameters).asArray(Float.self)
      for (index, value) in zip(indices, values) { scores[index] = Double(value) }
    }
    guard scores.allSatisfy(\.isFinite) else {
      throw ModelError("The preference model '\(lineage.name)' gives a score that is not finite; train it anew.")
    }
    return scores
  }
}

/// Rows padded on the right to one length, with the places of their last tokens.
struct AnswerBatch {
  let inputs: MLXArray
  let ends: MLXArray

  init(_ rows: [[Int32]], padding: Int32) throws {
    let length = max(1, rows.map(\.count).max() ?? 0)
    inputs = try MLXArray(
      rows.flatMap { $0 + [Int32](repeating: padding, count: length - $0.count) }, [rows.count, length])
    ends = try MLXArray(rows.enumerated().map { Int32($0 * length + $1.count - 1) })
  }

  /// The head's values at the last tokens, [R], of the states of the inputs.
  func scores(_ states: MLXArray, _ head: Parameters) throws -> MLXArray {
    try ScalarHead.values(embedding(states.reshaped(-1, states.dim(2)), ends), head)
  }
}
