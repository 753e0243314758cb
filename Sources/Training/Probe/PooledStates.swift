package import Episodes
package import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row but the last, D width; states [B, T, D], weights [B, T], pooled [B, D].

/// What a model made of each episode, as one list of D numbers: the mean of the states from which the policy's own tokens
/// were predicted. Prompt, tool output and steered words are read but not averaged.
///
/// - Parameters:
///   - checkpoint: reads the episodes; it need not be the one that acted.
///   - layer: counted from 1; 0 for the last.
/// - Throws: a `ModelError` for an episode without tokens of the policy, or whose tokens are not this model's.
package func pooledStates(
  of episodes: [Episode], under checkpoint: ModelCheckpoint, layer: Int = 0, tokensPerBatch: Int = 4_096
) throws -> [[Double]] {
  let model = layer == 0 ? try checkpoint.model() : try checkpoint.model(layers: layer)
  let rows = try episodes.map { try checkpoint.row($0) }
  let lengths = rows.map(\.tokens.count)
  let order = rows.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
  var pooled = [[Double]](repeating: [], count: rows.count)
  for indices in BatchPlan.cut(order, lengths: lengths, tokens: tokensPerBatch) {
    let batch = try Batch(indices.map { rows[$0] }, padding: checkpoint.tokenizer.padding)
    let states = try model.read(batch.inputs, model.parameters)
    let weights = try batch.weights.expandedDimensions(axis: -1)
    let means = try (states * weights).sum(axis: 1) / weights.sum(axis: 1)
    let values = try means.asArray(Float.self).map(Double.init)
    for (row, index) in indices.enumerated() {
      pooled[index] = Array(values[row * states.dim(2)..<(row + 1) * states.dim(2)])
    }
  }
  return pooled
}

extension ModelCheckpoint {
  /// The tokens of an episode, with the policy's own marked.
  fileprivate func row(_ episode: Episode) throws -> TrainingExample {
    let row = TrainingExample(episode).cut(to: architecture.context)
    let vocabulary = Int32(architecture.vocabulary)
    guard row.weights.dropFirst().contains(1), row.tokens.allSatisfy({ (0..<vocabulary).contains($0) }) else {
      let key = episode.key
      throw ModelError(
        "Episode \(key.environment) \(key.variant).\(key.sample) of '\(key.checkpoint)' cannot be read by '\(lineage.name)': "
          + "it has no tokens of the policy, or tokens of another vocabulary. A probe needs episodes of a local policy."
      )
    }
    return row
  }
}
