internal import Tokenization

extension TransformerConfiguration {
  /// Refuses sizes that no model has, so that arithmetic with them neither overflows nor allocates without bound.
  /// `source` names the file in the message.
  ///
  /// - Returns: itself.
  func validated(_ source: String) throws -> TransformerConfiguration {
    try check("vocabulary", vocabulary, in: 2...1 << 24, source)
    try check("width", width, in: 1...1 << 17, source)
    try check("number of layers", layers, in: 1...1_024, source)
    try check("number of heads", heads, in: 1...4_096, source)
    try check("number of key-value heads", keyValueHeads, in: 1...heads, source)
    try check("width of a head", headWidth, in: 2...8_192, source)
    try check("hidden width", hidden, in: 1...1 << 20, source)
    try check("context", context, in: 1...1 << 30, source)
    if let window { try check("attention window", window, in: 1...1 << 30, source) }
    try require(heads % keyValueHeads == 0, "\(heads) heads cannot share \(keyValueHeads) key-value heads", source)
    try require(headWidth % 2 == 0, "the width of a head, \(headWidth), is odd", source)
    try require(
      rotaryWidth % 2 == 0 && (2...headWidth).contains(rotaryWidth),
      "the rotated part of a head, \(rotaryWidth), is odd or not within its width of \(headWidth)", source)
    try require(
      isRotated.count == layers, "it says of \(isRotated.count) of \(layers) layers whether they rotate", source)
    try require(isWindowed.count == layers, "\(isWindowed.count) layer types are given for \(layers) layers", source)
    try require(window != nil || !isWindowed.contains(true), "windowed layers have no window", source)
    try require(normEpsilon.isFinite && normEpsilon >= 0, "the epsilon of the norms is \(normEpsilon)", source)
    try require(attentionScale.isFinite && attentionScale > 0, "the attention scale is \(attentionScale)", source)
    if let logitCap { try require(logitCap.isFinite && logitCap > 0, "the logit cap is \(logitCap)", source) }
    try rotary.check(pairs: rotaryWidth / 2, source)
    try localRotary?.check(pairs: rotaryWidth / 2, source)
    return self
  }

  private func check(_ what: String, _ value: Int, in range: ClosedRange<Int>, _ source: String) throws {
    try require(
      range.contains(value), "the \(what) is \(value), not from \(range.lowerBound) to \(range.upperBound)", source)
  }
}

extension TransformerConfiguration.Rotary {
  fileprivate func check(pairs: Int, _ source: String) throws {
    try require(base.isFinite && base >= 1, "the base of the rotary positions is \(base)", source)
    switch scaling {
    case .none: break
    case .linear(let factor):
      try require(factor.isFinite && factor > 0, "the factor of the rotary positions is \(factor)", source)
    case .llama3(let factor, let low, let high, let context):
      let valid = factor.isFinite && factor > 0 && low > 0 && high.isFinite && high > low && context > 0
      try require(valid, "the scaling of the rotary positions, \(scaling), is impossible", source)
    case .yarn(let factor, let context, let fast, let slow, let attention):
      let valid =
        factor.isFinite && factor > 0 && context > 0 && fast.isFinite && slow > 0 && fast > slow && attention.isFinite
        && attention > 0 && base > 1
      try require(valid, "the scaling of the rotary positions, \(scaling), is impossible", source)
    case .longrope(let factors, let attention):
      let valid = factors.allSatisfy { $0.isFinite && $0 > 0 } && attention.isFinite && attention > 0
      try require(valid, "the scaling of the rotary positions by factors is impossible", source)
      try require(
        factors.count == pairs, "\(factors.count) factors scale the rotary positions of \(pairs) pairs", source)
    }
  }
}

private func require(_ condition: Bool, _ problem: @autoclosure () -> String, _ source: String) throws {
  guard condition else { throw ModelError("'\(source)' cannot be used: \(problem()).") }
}
