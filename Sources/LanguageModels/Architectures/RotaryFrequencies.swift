internal import Foundation
internal import MLX
internal import ModelFiles

extension TransformerConfiguration.Rotary {
  /// Radians per position of each of `dimensions` / 2 rotated pairs, the scaling applied.
  func inverseFrequencies(dimensions: Int) -> [Double] {
    let plain = RotaryEmbedding.inverseFrequencies(dimensions: dimensions, base: base)
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
    case .longrope(let factors, _): return zip(plain, factors).map { $0 / $1 }
    case .yarn(let factor, let context, let fast, let slow, _):
      // The pair whose wave turns so often within the original context, rounded outwards.
      func pair(turns: Double) -> Double {
        Double(dimensions) * log(Double(context) / (turns * 2 * .pi)) / (2 * log(base))
      }
      let low = max(0, pair(turns: fast).rounded(.down))
      let high = min(Double(dimensions - 1), pair(turns: slow).rounded(.up))
      return plain.enumerated().map { index, frequency in
        let divided = min(1, max(0, (Double(index) - low) / (low == high ? 0.001 : high - low)))
        return frequency * (1 - divided + divided / factor)
      }
    }
  }
}
