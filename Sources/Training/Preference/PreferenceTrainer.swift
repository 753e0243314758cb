internal import Episodes
internal import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: P pairs of a part; scores [2 P], the chosen answers' first; margins and losses [P].

/// A preference model in training.
struct PreferenceTrainer: StepTrainer {
  private(set) var model: any CausalLanguageModel
  private var head: Parameters
  private(set) var optimizer: Optimizer
  private let options: PreferenceOptions
  private let padding: Int32

  /// - Parameter saved: where an earlier run stood; `nil` to start.
  init(
    _ model: any CausalLanguageModel, head: ScalarHead, padding: Int32, options: PreferenceOptions, steps: Int,
    restoring saved: SavedTraining?
  ) throws {
    var configuration = options.training.optimizer
    configuration.schedule.totalSteps = steps
    self.model = model
    self.head = try head.parameters()
    self.options = options
    self.padding = padding
    let matrices = model.hiddenMatrices
    optimizer =
      if let saved {
        try Optimizer(configuration, hiddenMatrices: matrices, restoring: saved.optimizer)
      } else {
        Optimizer(configuration, hiddenMatrices: matrices)
      }
    if let saved { parameters = saved.parameters }
  }

  /// The model's trainable weights and the head's.
  private(set) var parameters: Parameters {
    get { Parameters((model.parameters.pairs + head.pairs).map { ($0.name, $0.array) }) }
    set {
      let names = Set(head.names)
      model.parameters = Parameters(newValue.pairs.filter { !names.contains($0.name) }.map { ($0.name, $0.array) })
      head = Parameters(newValue.pairs.filter { names.contains($0.name) }.map { ($0.name, $0.array) })
    }
  }

  /// One step: the gradient of the mean loss over all the pairs, however they are cut into parts.
  ///
  /// - Throws: an error, with weights and optimiser as before, when the loss or the gradient is not finite.
  mutating func train(on pairs: [TokenizedPair]) throws -> PreferenceLoss {
    var sum = GradientSum()
    var (loss, correct): (Float, Float) = (0, 0)
    for (index, part) in parts(of: pairs).enumerated() {
      let key = try MLXRandom.key(options.training.seed["dropout"][optimizer.stepCount][index].value)
      let batch = try AnswerBatch(part.map(\.chosen) + part.map(\.rejected), padding: padding)
      let values = try sum.add(
        model.gradient(TokenRows(batch.inputs), parameters, dropout: key) { states, parameters in
          try losses(part, batch.scores(states, parameters), share: 1 / Float(pairs.count))
        })
      loss += try values[0].item(Float.self)
      correct += try values[1].item(Float.self)
    }
    guard loss.isFinite else {
      throw ModelError("The preference loss is not finite after \(optimizer.stepCount) steps; lower the learning rate.")
    }
    parameters = try optimizer.update(parameters, gradients: sum.gradients ?? Parameters()).parameters
    return PreferenceLoss(mean: loss, correct: Int(correct), pairs: pairs.count)
  }

  private func parts(of pairs: [TokenizedPair]) -> [[TokenizedPair]] {
    let lengths = pairs.map(\.length)
    return BatchPlan.inOrderOfLength(lengths, tokens: options.training.microbatchTokens ?? .max)
      .map { $0.map { pairs[$0] } }
  }

  /// The sum of the part's losses by `share`, which is differentiated, and the number of pairs in the right order.
  private func losses(_ pairs: [TokenizedPair], _ scores: MLXArray, share: Float) throws -> [MLXArray] {
    let scores = try split(scores, parts: 2, axis: 0)
    let losses = try BradleyTerry.losses(
      chosen: scores[0], rejected: scores[1], margins: MLXArray(pairs.map(\.margin)), centring: options.centring)
    return [try losses.sum() * share, try (scores[0] .> scores[1]).asType(.float32).sum()]
  }
}
