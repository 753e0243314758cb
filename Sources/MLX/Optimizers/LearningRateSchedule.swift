internal import Foundation

/// What fraction of its learning rate an optimiser uses at each step: a linear warm-up, then a decay.
package struct LearningRateSchedule: Sendable, Codable, Equatable {
  /// The shape of the decay after the warm-up.
  package enum Decay: String, Sendable, Codable, CaseIterable {
    case constant, linear, cosine
  }

  /// Steps over which the rate rises to its full value; 0 for none.
  package var warmupSteps: Int
  /// The step, counted from the start, at which the decay reaches `finalFraction`; it stays there.
  package var totalSteps: Int
  /// How the rate falls after the warm-up.
  package var decay: Decay
  /// The fraction of the full rate at the end.
  package var finalFraction: Float

  /// Rates rise over `warmupSteps`, then fall until `totalSteps`.
  package init(warmupSteps: Int = 0, totalSteps: Int, decay: Decay, finalFraction: Float = 0) {
    (self.warmupSteps, self.totalSteps) = (warmupSteps, totalSteps)
    (self.decay, self.finalFraction) = (decay, finalFraction)
  }

  /// The full rate at every step.
  package static let constant = LearningRateSchedule(totalSteps: 0, decay: .constant)

  /// The fraction at a step, counted from 0: 1 / warmupSteps at the first, 1 after the warm-up.
  package func fraction(atStep step: Int) -> Float {
    if step < warmupSteps { return Float(step + 1) / Float(warmupSteps) }
    let progress = min(Float(step - warmupSteps) / Float(max(totalSteps - warmupSteps, 1)), 1)
    let remaining: Float =
      switch decay {
      case .constant: 1
      case .linear: 1 - progress
      case .cosine: 0.5 * (1 + cosf(.pi * progress))
      }
    return decay == .constant ? 1 : finalFraction + (1 - finalFraction) * remaining
  }
}
