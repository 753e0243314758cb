/// Updates parameters by AdamW, and those named as hidden matrices by Muon, with clipping and one schedule for both.
///
/// The state can be saved and restored exactly: a restored optimiser continues bit by bit like one that was never stopped.
package struct Optimizer {
  /// Everything that is chosen, nothing that is learnt.
  package struct Configuration: Sendable, Codable, Equatable {
    /// For all parameters that Muon does not take.
    package var adamW: AdamW
    /// Nil where AdamW updates everything.
    package var muon: Muon?
    /// Multiplies both learning rates.
    package var schedule: LearningRateSchedule
    /// The gradient is scaled down so that its norm over all parameters does not exceed this. Nil for no limit.
    package var maximumGradientNorm: Float?

    /// AdamW alone, or with Muon.
    package init(
      adamW: AdamW, muon: Muon? = nil, schedule: LearningRateSchedule = .constant, maximumGradientNorm: Float? = nil
    ) {
      (self.adamW, self.muon) = (adamW, muon)
      (self.schedule, self.maximumGradientNorm) = (schedule, maximumGradientNorm)
    }
  }

  /// What a step did.
  package struct Step {
    /// The new parameters, evaluated.
    package let parameters: Parameters
    /// Of the gradient over all parameters, before clipping.
    package let gradientNorm: Float
    /// AdamW's, after the schedule.
    package let learningRate: Float
  }

  /// What it was made with.
  package let configuration: Configuration
  /// Names of the matrices that Muon updates.
  package let hiddenMatrices: Set<String>
  /// Steps done.
  package private(set) var stepCount = 0
  private var moments: [String: AdamW.Moments] = [:]
  private var averages: [String: MLXArray] = [:]

  /// A fresh optimiser. `hiddenMatrices` are for Muon, and ignored when the configuration has none.
  package init(_ configuration: Configuration, hiddenMatrices: Set<String> = []) {
    self.configuration = configuration
    self.hiddenMatrices = configuration.muon == nil ? [] : hiddenMatrices
  }

  /// One step. Throws, changing nothing, when the gradient is not finite or lacks a parameter.
  package mutating func update(_ parameters: Parameters, gradients: Parameters) throws -> Step {
    let norm = try Self.norm(of: gradients)
    guard norm.isFinite else { throw MLXError("The gradient's norm is \(norm) at step \(stepCount + 1).") }
    var next = self
    next.stepCount += 1
    let scale = configuration.maximumGradientNorm.map { min(1, $0 / max(norm, 1e-12)) } ?? 1
    let fraction = configuration.schedule.fraction(atStep: stepCount)
    let updated = try parameters.mapped { name, parameter in
      try next.updated(
        name, parameter, gradient: gradients.require(name), rateFraction: fraction, gradientScale: scale)
    }
    try eval(updated.arrays + next.stateArrays.arrays)
    self = next
    return Step(
      parameters: updated, gradientNorm: norm, learningRate: configuration.adamW.learningRate * fraction)
  }

  private mutating func updated(
    _ name: String, _ parameter: MLXArray, gradient: MLXArray, rateFraction: Float, gradientScale: Float
  ) throws -> MLXArray {
    if let muon = configuration.muon, hiddenMatrices.contains(name) {
      let result = try muon.updated(
        parameter, gradient: gradient, average: averages[name] ?? .zeros(parameter.shape), rateFraction: rateFraction,
        gradientScale: gradientScale)
      averages[name] = result.average
      return result.parameter
    }
    let result = try configuration.adamW.updated(
      parameter, gradient: gradient, moments: moments[name] ?? .zeros(like: parameter), step: stepCount,
      rateFraction: rateFraction, gradientScale: gradientScale)
    moments[name] = result.moments
    return result.parameter
  }

  /// The Euclidean norm over all arrays together.
  package static func norm(of arrays: Parameters) throws -> Float {
    guard !arrays.isEmpty else { return 0 }
    return try sqrt(stacked(arrays.arrays.map { try square($0).sum() }).sum()).item(Float.self)
  }

  // MARK: State

  private var stateArrays: Parameters {
    let first = moments.map { ("adamw.first." + $0.key, $0.value.first) }
    let second = moments.map { ("adamw.second." + $0.key, $0.value.second) }
    let average = averages.map { ("muon.average." + $0.key, $0.value) }
    return Parameters((first + second + average).sorted { $0.0 < $1.0 })
  }

  /// What `init(_:hiddenMatrices:restoring:)` needs to continue exactly.
  package func state() -> Safetensors {
    Safetensors(arrays: stateArrays, metadata: ["optimizer.step": "\(stepCount)"])
  }

  /// An optimiser that continues from a saved state.
  package init(_ configuration: Configuration, hiddenMatrices: Set<String> = [], restoring state: Safetensors) throws {
    self.init(configuration, hiddenMatrices: hiddenMatrices)
    guard let step = state.metadata["optimizer.step"].flatMap(Int.init), step >= 0 else {
      throw MLXError("An optimiser's state must say 'optimizer.step' in its metadata.")
    }
    stepCount = step
    for (name, array) in state.arrays.pairs {
      if let parameter = name.dropping("adamw.first.") {
        moments[parameter] = .init(first: array, second: try state.arrays.require("adamw.second." + parameter))
      } else if let parameter = name.dropping("muon.average.") {
        averages[parameter] = array
      } else if name.dropping("adamw.second.") == nil {
        throw MLXError("'\(name)' does not belong to an optimiser's state.")
      }
    }
  }
}

extension String {
  /// What follows a prefix, or nil where it is absent.
  fileprivate func dropping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
