internal import Foundation
package import Episodes

/// How learning rates move over a training run: up in a straight line, then down to a floor.
package struct LearningRateSchedule: Sendable, Codable, Hashable {
  package enum Decay: String, Sendable, Codable { case constant, linear, cosine }

  /// Steps until the full rate is reached.
  package var warmUp: Int
  package var decay: Decay
  /// The share of the full rate at the end.
  package var floor: Float

  package init(warmUp: Int = 30, decay: Decay = .linear, floor: Float = 0.02) {
    self.warmUp = warmUp
    self.decay = decay
    self.floor = floor
  }

  /// The share of the full rate at `step`, counted from 0, of `total`.
  package func factor(step: Int, of total: Int) -> Float {
    let rise = min(1, Float(step + 1) / Float(max(1, warmUp)))
    let progress = min(1, Float(step) / Float(max(1, total)))
    return switch decay {
    case .constant: rise
    case .linear: rise * max(floor, 1 - progress)
    case .cosine: rise * (floor + (1 - floor) * (1 + cos(progress * .pi)) / 2)
    }
  }


}

/// Which optimiser, and its constants.
package struct OptimizerOptions: Sendable, Codable, Hashable {
  package enum Kind: String, Sendable, Codable {
    /// AdamW for every parameter.
    case adamW
    /// Muon for the layers' matrices, AdamW for embeddings, gains and norms.
    case muon
  }

  package var kind: Kind
  /// AdamW's rate.
  package var learningRate: Float
  /// Muon's rate: the length, in units of an orthogonal matrix, of one step.
  package var muonLearningRate: Float
  package var beta1: Float
  package var beta2: Float
  /// Muon's momentum.
  package var momentum: Float
  /// Decoupled weight decay of matrices.
  package var weightDecay: Float
  /// The gradient's largest norm over all parameters; longer ones are scaled down to it.
  package var clip: Float

  package init(
    kind: Kind = .muon, learningRate: Float = 3e-3, muonLearningRate: Float = 0.02, beta1: Float = 0.9,
    beta2: Float = 0.97, momentum: Float = 0.95, weightDecay: Float = 0.01, clip: Float = 1
  ) {
    self.kind = kind
    self.learningRate = learningRate
    self.muonLearningRate = muonLearningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.clip = clip
  }
}

/// How to fine-tune on a set of examples.
package struct FineTuneOptions: Sendable, Codable, Hashable {
  package var epochs: Int
  /// Stops after this many steps even if epochs are left; `nil` for no limit.
  package var maxSteps: Int?
  /// Tokens of a batch, padding included.
  package var tokensPerBatch: Int
  package var optimizer: OptimizerOptions
  package var schedule: LearningRateSchedule
  package var seed: Seed

  package init(
    epochs: Int = 1, maxSteps: Int? = nil, tokensPerBatch: Int = 2_048,
    optimizer: OptimizerOptions = OptimizerOptions(kind: .adamW, learningRate: 3e-4),
    schedule: LearningRateSchedule = LearningRateSchedule(warmUp: 5), seed: Seed
  ) {
    self.epochs = epochs
    self.maxSteps = maxSteps
    self.tokensPerBatch = tokensPerBatch
    self.optimizer = optimizer
    self.schedule = schedule
    self.seed = seed
  }
}
