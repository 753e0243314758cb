import RealModule

/// How far the errors of two rates go together when both were measured on the same prompts: the correlation over prompts of
/// `events - rate * trials` on each side, from -1 to 1. A prompt that is harder than others is so for both sides, and does
/// not blur the difference between them.
///
/// With one trial a prompt on each side it is the phi coefficient of the pairs, as in Newcombe's method for paired rates
/// (Statistics in Medicine 17, 1998, 2635).
///
/// - Parameter prompts: a prompt that one side did not try adds nothing.
/// - Returns: 0 where it is not known: fewer than two prompts, or a side that is the same on all of them.
package func promptCorrelation(_ prompts: [PromptCells]) -> Double {
  let first = residuals(prompts.map(\.first))
  let second = residuals(prompts.map(\.second))
  let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  let squares = [first, second].map { $0.reduce(0) { $0 + $1 * $1 } }
  let scale = (squares[0] * squares[1]).squareRoot()
  return prompts.count < 2 || scale == 0 ? 0 : min(1, max(-1, product / scale))
}

/// What each prompt's events exceed the side's rate by; of several checkpoints their sum.
private func residuals(_ counts: [[Count]]) -> [Double] {
  let sums = counts.map { $0.reduce(Count(events: 0, trials: 0), +) }
  let rate = sums.reduce(Count(events: 0, trials: 0), +).rate ?? 0
  return sums.map { Double($0.events) - rate * Double($0.trials) }
}
