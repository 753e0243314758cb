/// How far raters agree beyond chance: 1 is perfect, 0 is what chance gives, below 0 is systematic disagreement.
package enum Agreement: Sendable, Codable, Hashable {
  /// The interval never has width zero.
  case measured(coefficient: Double, interval: Interval)
  /// Every rating names the same category: chance alone would agree as often, so the coefficient is 0 over 0. It says
  /// nothing, also not that the raters agree.
  case oneCategory
  /// Fewer than two items were rated at least twice.
  case tooFewRatings

  /// `nil` unless it was measured.
  package var coefficient: Double? {
    if case .measured(let coefficient, _) = self { coefficient } else { nil }
  }

  /// `nil` unless it was measured.
  package var interval: Interval? {
    if case .measured(_, let interval) = self { interval } else { nil }
  }
}
