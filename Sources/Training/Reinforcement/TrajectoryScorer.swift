internal import LanguageModels
internal import MLX

// Shapes: B rows, T tokens of a row, D width, N actions of a batch; states [B, T, D].

/// A model at rest, that says how probable actions are and what states are worth.
struct TrajectoryScorer {
  let model: any CausalLanguageModel
  /// Of the value head; empty without one.
  var valueHead = Parameters()
  let padding: Int32
  let temperature: Float
  /// Tokens, padding included, of a batch.
  let tokensPerBatch: Int
  var measuresEntropy = false

  /// Scores of each trajectory, in order; those without an action have none.
  func scores(_ trajectories: [Trajectory]) throws -> [TrajectoryScores] {
    var scores = trajectories.map { _ in TrajectoryScores(logProbabilities: []) }
    let acting = trajectories.indices.filter { !trajectories[$0].actions.isEmpty }
    let parts = RowPacking.parts(
      acting.map { trajectories[$0] }, context: model.context, tokens: tokensPerBatch, shares: model.sharesBeginnings)
    for part in parts {
      let chosen = part.texts.map { acting[$0] }
      let batch = try ActionBatch(
        chosen.map { trajectories[$0] }, packing: part.packing, context: model.context, padding: padding)
      for (index, score) in zip(chosen, try self.scores(batch)) { scores[index] = score }
    }
    return scores
  }

  private func scores(_ batch: ActionBatch) throws -> [TrajectoryScores] {
    let head = try model.head(model.parameters)
    let states = try model.read(batch.inputs, model.parameters).reshaped(-1, head.matrix.dim(1))
    let drawn = try embedding(states, batch.places)
    let distribution = ActionDistribution(head: head, temperature: temperature, isDifferentiated: false)
    let measured = try measuresEntropy ? distribution.measured(drawn, batch.targets) : nil
    let logProbabilities = try measured?.logProbabilities ?? distribution.logProbabilities(drawn, batch.targets)
    var scores = try batch.rows(logProbabilities.asArray(Float.self)).map { TrajectoryScores(logProbabilities: $0) }
    if let measured {
      for (row, entropies) in batch.rows(try measured.entropies.asArray(Float.self)).enumerated() {
        scores[row].entropies = entropies
      }
    }
    guard !valueHead.isEmpty else { return scores }
    let values = batch.rows(try ScalarHead.values(drawn, valueHead).asArray(Float.self))
    let next = try ScalarHead.values(embedding(states, batch.ends), valueHead).asArray(Float.self)
    for row in scores.indices { (scores[row].values, scores[row].next) = (values[row], next[row]) }
    return scores
  }
}
