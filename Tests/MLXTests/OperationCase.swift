import CMLX
import Testing

@testable import MLX

/// One of our primitives at one size: how to make its inputs and what to differentiate.
struct OperationCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// The shapes of the inputs that get gradients.
  let shapes: [[Int]]
  /// Added to normally distributed inputs (a norm's weight is around 1).
  var offset: Float = 0
  let function: @Sendable ([MLXArray]) throws -> MLXArray

  init(_ name: String, _ shapes: [[Int]], _ function: @escaping @Sendable ([MLXArray]) throws -> MLXArray) {
    (testDescription, self.shapes, self.function) = ("\(name) \(shapes)", shapes, function)
  }

  func inputs(seed: UInt64) throws -> [MLXArray] {
    let keys = try MLXRandom.split(key: MLXRandom.key(seed), into: shapes.count + 1)
    return try zip(shapes, keys).map { try MLXRandom.normal($0, key: $1) }
  }

  /// A scalar that weighs every element of the result differently.
  func loss(_ inputs: [MLXArray], seed: UInt64) throws -> MLXArray {
    let result = try function(inputs)
    return try (result * MLXRandom.normal(result.shape, key: MLXRandom.key(seed &+ 77))).sum()
  }

  /// The loss and the gradients of all inputs, as numbers.
  func evaluate(_ inputs: [MLXArray], seed: UInt64) throws -> (result: [Float], gradients: [[Float]]) {
    let (_, gradients) = try valueAndGrad(inputs) { try loss($0, seed: seed) }
    return (try function(inputs).asArray(Float.self), try gradients.map { try $0.asArray(Float.self) })
  }
}

/// The largest difference, relative to the largest magnitude of the reference (or 0.05, where the reference is all but zero).
func relativeDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  let scale = b.reduce(Float(0.05)) { max($0, abs($1)) }
  return zip(a, b).reduce(Float(0)) { max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1) / scale) }
}

extension OperationCase {
  static let all: [OperationCase] =
    elementwise + masks + attentions + windows + shared + blocks + heads + adapted + norms + sequences

  static let sizes = [1, 7, 8, 9, 33]

  static let elementwise = sizes.flatMap { n in
    Activation.allCases.flatMap { activation in
      [
        OperationCase("\(activation)", [[3, n]]) { try activation($0[0]) },
        OperationCase("gated \(activation)", [[3, n], [3, n]]) { try activation(gate: $0[0], value: $0[1]) },
      ]
    } + [
      OperationCase("cross-entropy", [[5, n]]) { x in
        let targets = try MLXArray((0..<5).map { Int32($0 * 3 % n) })
        let entropy = try CrossEntropy(logits: x[0], targets: targets)
        return try stacked([entropy.loss, entropy.logSumExp])
      }
    ]
  }

  static let masks = sizes.flatMap { n in
    [
      OperationCase("causal softmax", [[2, 3, n, n]]) { try softmax($0[0], scale: 0.7, mask: .causal) },
      OperationCase("causal softmax with a prefix", [[2, n, n + 5]]) { try softmax($0[0], scale: 0.7, mask: .causal) },
      OperationCase("padded softmax", [[2, 3, 4, n]]) { x in
        let lengths = try MLXArray([Int32(n), Int32(n / 2)])
        return try softmax(x[0], scale: 1.3, mask: AttentionMask(causal: false, lengths: lengths))
      },
    ]
  }

  /// (positions, keys, query heads, key heads, width)
  static let attentions = [(1, 1, 1, 1, 8), (7, 7, 2, 2, 5), (9, 9, 4, 2, 8), (33, 33, 2, 1, 16), (70, 75, 2, 2, 40)]
    .flatMap { t, s, h, g, d in
      [false, true].flatMap { causal in
        [false, true].map { ragged in
          OperationCase("attention causal=\(causal) ragged=\(ragged)", [[2, t, h, d], [2, s, g, d], [2, s, g, d]]) {
            x in
            let lengths = ragged ? try MLXArray([Int32(s), Int32((s + 1) / 2)]) : nil
            return try scaledDotProductAttention(
              queries: x[0], keys: x[1], values: x[2], scale: 0.4, mask: AttentionMask(causal: causal, lengths: lengths)
            )
          }
        }
      }
    }

  /// (positions, keys, window), so that whole blocks leave the window, and with padding whole rows see nothing.
  static let windows = [(1, 1, 1), (9, 9, 3), (70, 70, 1), (70, 75, 33), (100, 100, 20), (12, 12, 40)].flatMap {
    t, s, window in
    [false, true].map { ragged in
      OperationCase("attention window=\(window) ragged=\(ragged)", [[2, t, 4, 8], [2, s, 2, 8], [2, s, 2, 8]]) { x in
        let lengths = ragged ? try MLXArray([Int32(s), Int32((s + 1) / 2)]) : nil
        return try scaledDotProductAttention(
          queries: x[0], keys: x[1], values: x[2], scale: 0.4, mask: AttentionMask(causal: true, lengths: lengths),
          window: window)
      }
    }
  }

  /// Rows of texts that begin alike: where each text's own tokens begin, the first of them after the shared ones, in two rows
  /// of one length. Short texts, texts within one block of queries, and texts of several; with windows that end in the shared
  /// part, in front of it and in the text itself.
  static let shared = [
    (1, [1], [0]), (9, [4, 6], [3, 3, 8]), (80, [70], [8, 9, 10, 60]), (150, [40, 80, 120], [1, 66, 101]),
    (200, [100, 101, 180], [0, 100]),
  ].flatMap { (length: Int, first: [Int], second: [Int]) in
    [nil, 2, 5, 33, 90].map { (window: Int?) in
      OperationCase(
        "attention of shared rows, window=\(window ?? 0)", [[2, length, 4, 8], [2, length, 2, 8], [2, length, 2, 8]]
      ) { x in
        let rows = try MLXArray([first, second].flatMap { sharedRow($0, length: length) }, [2, length + 1])
        return try scaledDotProductAttention(
          queries: x[0], keys: x[1], values: x[2], scale: 0.4, mask: .causal, shared: rows, window: window)
      }
    }
  }

  /// What attention is told of a row whose texts go on at `starts`.
  static func sharedRow(_ starts: [Int], length: Int) -> [Int32] {
    [Int32(starts[0])] + (0..<length).map { token in Int32(starts.last { $0 <= token } ?? 0) }
  }

  /// (positions, width, classes): one class, tails, and more than one slice of the vocabulary.
  static let heads = [(1, 1, 1), (5, 9, 33), (3, 4, 9_001)].flatMap { n, d, classes in
    let targets = (0..<n).map { Int32($0 * 4_321 % classes) }
    return [nil, 2].flatMap { (cap: Float?) in
      [
        OperationCase("linear cross-entropy cap=\(cap ?? 0)", [[n, d], [classes, d]]) { x in
          try linearCrossEntropy(
            states: x[0], head: x[1], targets: MLXArray(targets), logitCap: cap, frozen: false)
        },
        OperationCase("linear cross-entropy of a frozen head of \(classes) cap=\(cap ?? 0)", [[n, d]]) { x in
          let head = try MLXRandom.normal([classes, d], key: MLXRandom.key(3))
          return try linearCrossEntropy(
            states: x[0], head: head, targets: MLXArray(targets), logitCap: cap, frozen: true)
        },
      ]
    }
  }

  /// Matrices in blocks: numbers of four bits with and without sign, of eight, with and without offsets.
  static let blocks = [(-8, 7, false), (0, 15, true), (-127, 127, false), (-128, 127, true)].flatMap {
    (low: Int, high: Int, hasOffsets: Bool) in
    // The last is widened in two slices.
    [(1, 3, 8, 4), (7, 70, 64, 32), (2, 70, 33_000, 50)].prefix(low == -8 ? 3 : 2).map { n, outputs, inputs, block in
      OperationCase("linear of blocks \(low)...\(high) [\(outputs), \(inputs)]", [[2, n, inputs]]) { x in
        let (numbers, scales) = blockNumbers(outputs, inputs, block, low...high)
        let matrix = try BlockMatrix(
          shape: [outputs, inputs], numbers: numbers, scales: scales, offsets: hasOffsets ? scales.map { $0 * 3 } : [])
        return try matrix(x[0])
      }
    }
  }

  static func blockNumbers(
    _ outputs: Int, _ inputs: Int, _ block: Int, _ range: ClosedRange<Int>
  ) -> (numbers: [Int8], scales: [Float]) {
    let numbers = [Int8](unsafeUninitializedCapacity: outputs * inputs) { numbers, count in
      count = outputs * inputs
      for at in 0..<count { numbers[at] = Int8(range.lowerBound + at * 7_919 % range.count) }
    }
    return (numbers, (0..<outputs * inputs / block).map { Float($0 * 31 % 17 + 1) / 1_000 / Float(range.upperBound) })
  }

  /// Three linear maps of one input with different outputs and ranks; their matrices are frozen.
  static let adapted = [1, 7, 40].map { n in
    OperationCase("adapted linear", [[2, n, 6], [3, 6], [5, 3], [2, 6], [9, 2], [1, 6], [1, 1]]) { x in
      let maps = try [5, 9, 1].enumerated().map { index, outputs in
        let matrix = try MLXRandom.normal([outputs, 6], key: MLXRandom.key(UInt64(outputs)))
        return AdaptedMatrix(matrix: matrix, a: x[1 + 2 * index], b: x[2 + 2 * index])
      }
      return try concatenated(adaptedLinear(x[0], maps, scale: 0.7), axis: -1)
    }
  }

  /// Products large enough for tiles, whose rows, columns and terms end within one, and one with more terms than are packed at once.
  static let large: [OperationCase] =
    [(301, 530, 544), (70, 300, 2_500)].map { n, outputs, inputs in
      OperationCase("large linear of blocks [\(outputs), \(inputs)]", [[1, n, inputs]]) { x in
        let (numbers, scales) = blockNumbers(outputs, inputs, 4, -8...7)
        return try BlockMatrix(shape: [outputs, inputs], numbers: numbers, scales: scales, offsets: [])(x[0])
      }
    } + [
      OperationCase("large adapted linear", [[2, 161, 270], [17, 270], [130, 17]]) { x in
        let matrix = try MLXRandom.normal([130, 270], key: MLXRandom.key(3))
        return try adaptedLinear(x[0], [AdaptedMatrix(matrix: matrix, a: x[1], b: x[2])], scale: 0.7)[0]
      },
      OperationCase("large head", [[333, 40], [1_100, 40]]) { x in
        let targets = try MLXArray((0..<333).map { Int32($0 * 7 % 1_100) })
        return try linearCrossEntropy(states: x[0], head: x[1], targets: targets, logitCap: nil, frozen: false)
      },
    ]

  static let norms = sizes.flatMap { n in
    [
      OperationCase("RMS norm", [[3, 70, n], [n]]) { try rmsNorm($0[0], weight: $0[1], eps: 1e-2) },
      OperationCase("layer norm", [[130, n], [n], [n]]) {
        try layerNorm($0[0], weight: $0[1], bias: $0[2], eps: 1e-2)
      },
    ]
  }

  static let sequences = sizes.flatMap { n in
    [
      OperationCase("rotary", [[2, n, 3, 10]]) { x in
        let angles = RotaryEmbedding.inverseFrequencies(dimensions: 8, base: 100)
        return try RotaryEmbedding(positions: 3..<3 + n, inverseFrequencies: angles)(x[0])
      },
      OperationCase("rotary, own positions", [[2, 3, 2, 2 * n]]) { x in
        let angles = RotaryEmbedding.inverseFrequencies(dimensions: 2 * n, base: 100)
        return try RotaryEmbedding(positions: [0, 1, 2, 5, 6, 9], batch: 2, inverseFrequencies: angles)(x[0])
      },
      OperationCase("embedding", [[6, n]]) { x in
        try embedding(x[0], MLXArray([5, 0, 3, 3, 3, 1, 0] as [Int32], [7, 1]))
      },
      OperationCase("split", [[2, 3, 2 * n + 3]]) { x in
        let parts = try split(x[0], sizes: [n, 3, n])
        return try concatenated([parts[0] * parts[2], parts[1]], axis: -1)
      },
      OperationCase("causal shift", [[2, n, 9], [3, 9]]) { try causalShift($0[0], weight: $0[1]) },
      OperationCase("causal shift, wide", [[2, 4, n], [6, n]]) { try causalShift($0[0], weight: $0[1]) },
    ]
  }
}
