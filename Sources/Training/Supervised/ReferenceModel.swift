import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, N targets that have a weight.

/// The examples with the log-probability that a reference model gives to each token that a loss falls on.
func referenced(_ examples: [TrainingExample], by reference: ModelCheckpoint) throws -> [TrainingExample] {
  let model = try reference.model()
  var result = examples
  for indices in BatchPlan.inOrderOfLength(examples.map(\.tokens.count), tokens: 4_096) {
    let batch = try Batch(indices.map { examples[$0] }, padding: reference.tokenizer.padding)
    let losses = try SupervisedTrainer.tokenLosses(model, model.parameters, batch).losses
    let isEverywhere = losses.ndim == 2
    let values = try losses.asArray(Float.self)
    var next = 0
    for (row, index) in indices.enumerated() {
      let example = examples[index]
      var scores = [Float](repeating: 0, count: example.tokens.count)
      for place in example.tokens.indices.dropFirst() where example.weights[place] != 0 {
        // Values run over the targets: token 1 of a row is its target 0.
        scores[place] = -values[isEverywhere ? row * batch.inputs.dim(1) + place - 1 : next]
        next += 1
      }
      result[index].reference = scores
    }
  }
  return result
}
