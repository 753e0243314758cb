import MLX
import Testing

@testable import Training

/// Every expected number is worked out by hand in the comment above it.
@Suite struct PolicyLossesTests {
  private func expect(
    _ array: MLXArray, _ expected: [Float], tolerance: Float = 1e-5, _ location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(largestDifference(try array.asArray(Float.self), expected) < tolerance, sourceLocation: location)
  }

  /// Gradients by the first argument of the sum of a loss.
  private func gradient(_ at: [Float], _ loss: (MLXArray) throws -> MLXArray) throws -> MLXArray {
    try valueAndGrad([MLXArray(at)]) { try loss($0[0]).sum() }.gradients[0]
  }

  @Test("The clipped surrogate, within 0.8 ... 1.4")
  func surrogate() throws {
    let (ratio, advantages): ([Float], [Float]) = ([1, 2, 0.5, 2, 0.5, 1.1], [3, 1, 1, -1, -1, -2])
    func loss(_ ratio: MLXArray) throws -> (loss: MLXArray, isClipped: MLXArray) {
      try PolicyLosses.clippedSurrogate(ratio: ratio, advantages: MLXArray(advantages), low: 0.2, high: 0.4)
    }
    // -3; gain 2 counts as 1.4; gain 0.5 as it is; loss 2 as it is; loss 0.5 counts as 0.8; -(-2 * 1.1).
    try expect(loss(MLXArray(ratio)).loss, [-3, -1.4, -0.5, 2, 0.8, 2.2])
    try expect(loss(MLXArray(ratio)).isClipped, [0, 1, 0, 0, 1, 0])
    // What is clipped has no gradient, all else -A.
    try expect(gradient(ratio) { try loss($0).loss }, [-3, 0, -1, 1, 0, 2])
  }

  @Test("The value loss, with old values 1 and a clip of 0.5")
  func value() throws {
    let (values, returns): ([Float], [Float]) = ([1.2, 3, 3, 0], [2, 2, 4, 0.8])
    // Halves of 0.64, 1, 1 and 0.64.
    func loss(_ values: MLXArray, clip: Float?) throws -> MLXArray {
      try PolicyLosses.valueLoss(
        values: values, old: MLXArray([1, 1, 1, 1] as [Float]), returns: MLXArray(returns), clip: clip)
    }
    try expect(loss(MLXArray(values), clip: nil), [0.32, 0.5, 0.5, 0.32])
    // Clipped values 1.2, 1.5, 1.5, 0.5: squares 0.64, 0.25, 6.25, 0.09; the larger of each pair, halved.
    try expect(loss(MLXArray(values), clip: 0.5), [0.32, 0.5, 3.125, 0.32])
    // v - R, but none where the clipped term is the larger.
    try expect(gradient(values) { try loss($0, clip: 0.5) }, [-0.8, 1, 0, -0.8])
  }

  @Test("Entropy: 2/3 and 1/3 have ln 3 - (2/3) ln 2; four equal shares ln 4; its gradient is -p (ln p + H)")
  func entropy() throws {
    func entropy(_ logits: MLXArray) throws -> MLXArray {
      try PolicyLosses.entropy(logits: logits, logSumExp: logits.logSumExp(axis: -1))
    }
    try expect(entropy(MLXArray([0.6931472, 0] as [Float], [1, 2])), [0.6365142])
    try expect(entropy(MLXArray([7, 7, 7, 7] as [Float], [1, 4])), [1.3862944])
    // -2/3 (-0.4054651 + 0.6365142) = -0.1540327, and the opposite.
    let slope = try valueAndGrad([MLXArray([0.6931472, 0] as [Float], [1, 2])]) { try entropy($0[0]).sum() }
    try expect(slope.gradients[0], [-0.1540327, 0.1540327])
  }

  @Test("KL estimators of log-ratios ln 2, -ln 2 and 0")
  func divergence() throws {
    let (policy, reference) = (
      try MLXArray([-1, -1.6931472, -2] as [Float]), try MLXArray([-1.6931472, -1, -2] as [Float])
    )
    let expected: [KLEstimator: [Float]] = [
      .k1: [0.6931472, -0.6931472, 0],
      // ln 2 squared, halved.
      .k2: [0.2402265, 0.2402265, 0],
      // 1/2 - 1 + ln 2; 2 - 1 - ln 2.
      .k3: [0.1931472, 0.3068528, 0],
    ]
    for estimator in KLEstimator.allCases {
      try expect(estimator(policy: policy, reference: reference), expected[estimator] ?? [])
    }
    // d k3 / d log policy = 1 - reference / policy.
    try expect(
      gradient([-1, -1.6931472, -2]) { try KLEstimator.k3(policy: $0, reference: reference) }, [0.5, -1, 0])
  }

  @Test("A ratio beyond e^20 is held there, so that nothing overflows")
  func extremes() throws {
    try expect(PolicyLosses.logRatio(MLXArray([0, -500] as [Float]), MLXArray([-500, 0] as [Float])), [20, -20])
  }

  @Test("Exact means over a two-armed policy: k1 and k3 both give the divergence")
  func unbiased() throws {
    // KL((0.8, 0.2), (0.5, 0.5)) = 0.8 ln 1.6 + 0.2 ln 0.4 = 0.1927451.
    let (policy, reference) = (try MLXArray([0.8, 0.2] as [Float]), try MLXArray([0.5, 0.5] as [Float]))
    for estimator in [KLEstimator.k1, .k3] {
      let mean = try (policy * estimator(policy: log(policy), reference: log(reference))).sum()
      #expect(abs(try mean.item(Float.self) - 0.1927451) < 1e-5)
    }
  }
}
