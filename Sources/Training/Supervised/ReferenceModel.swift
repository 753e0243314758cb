import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, N targets that have a weight.

/// The examples with the log-probability that a reference model gives to each token that a loss falls on.
func referenced(_ examples: [TrainingExample], by reference: ModelCheckpoint) throws -> [TrainingExample] {
  let model = try reference.model()
  var result = examples
  for part in RowPacking.parts(examples.map(RowPacking.Text.init), tokens: 4_096, shares: model.sharesBeginnings) {
    let batch = try Batch(
      part.texts.map { examples[$0] }, padding: reference.tokenizer.padding, packing: part.packing)
    let losses = try SupervisedTrainer.tokenLosses(
      batch, model.read(batch.inputs, model.parameters), model.head(model.parameters), isDifferentiated: false
    ).losses
    let isEverywhere = losses.ndim == 2
    let values = try losses.asArray(Float.self)
    var next = 0
    for (row, index) in part.texts.enumerated() {
      let example = examples[index]
      var scores = [Float](repeating: 0, count: example.tokens.count)
      for place in example.tokens.indices.dropFirst() where example.weights[place] != 0 {
        // Token 1 of an example is predicted where its token 0 stands.
        scores[place] = -values[isEverywhere ? part.packing.place(of: place - 1, in: row) : next]
        next += 1
      }
      result[index].reference = scores
    }
  }
  return result
}
