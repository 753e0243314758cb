internal import Foundation
internal import MLX
internal import ModelFiles

extension TransformerConfiguration.Rotary {
  /// Radians per position of each rotated pair, the scaling applied.
  func inverseFrequencies(headWidth: Int) -> [Double] {
    let plain = RotaryEmbedding.inverseFrequencies(dimensions: headWidth, base: base)
    switch scaling {
    case .none: return plain
    case .linear(let factor): return plain.map { $0 / factor }
    case .llama3(let factor, let low, let high, let context):
      // How far the ramp has risen is decided by the number of turns within the original context.
      return plain.map { frequency in
        let turns = Double(context) * frequency / (2 * .pi)
        let kept = min(1, max(0, (turns - low) / (high - low)))
        return frequency * (kept + (1 - kept) / factor)
      }
    }
  }
}
