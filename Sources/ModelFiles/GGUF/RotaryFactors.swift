internal import Foundation
internal import Tokenization

/// The table by which a GGUF file of Llama 3 divides its rotary frequencies, in place of the four numbers that it was
/// computed from.
struct RotaryFactors {
  let factors: [Float]

  init(_ factors: [Float]) { self.factors = factors }

  /// The numbers of every published Llama 3 but the factor, which is the largest of the table.
  private static let (low, high, context) = (1.0, 4.0, 8_192)

  /// The scaling that gives this table.
  ///
  /// - Throws: a `ModelError` when it is not that of a Llama 3.
  func scaling(base: Double, headWidth: Int, source: String) throws -> TransformerConfiguration.Rotary.Scaling {
    let factor = Double(factors.max() ?? 1)
    if factors.allSatisfy({ $0 == 1 }) { return .none }
    let expected = factors.indices.map { index in
      Self.divisor(wavelength: 2 * .pi * pow(base, Double(2 * index) / Double(headWidth)), factor: factor)
    }
    guard zip(factors, expected).allSatisfy({ abs(Double($0) - $1) <= 1e-3 * $1 }) else {
      throw ModelError(
        "'\(source)' scales rotary positions by a table 'rope_freqs.weight' that is not Llama 3's; it is not supported."
      )
    }
    return .llama3(factor: factor, lowFrequency: Self.low, highFrequency: Self.high, originalContext: Self.context)
  }

  /// 1 for short waves, `factor` for long ones, and between them what interpolates the frequencies.
  private static func divisor(wavelength: Double, factor: Double) -> Double {
    let turns = Double(context) / wavelength
    let ramp = min(1, max(0, (turns - low) / (high - low)))
    return 1 / ((1 - ramp) / factor + ramp)
  }
}
