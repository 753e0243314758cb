// One fine-tuning step of a model of Gemma 3 270M's shapes in float32: forward, backward, AdamW. The peer is torch_peer.py
// beside this file. Weights are random, which does not matter for speed.
//
//   swift build -c release --product FineTuning
//   .build/release/FineTuning lora|body [share of the tokens that the loss falls on, default 1] [steps, default 7]
//   .build/release/FineTuning group MODEL.gguf [steps, default 7]
//   python Benchmarks/FineTuning/torch_peer.py lora|body|group eager|compile [share] [steps]
//
// `group` is a LoRA step on eight answers of 200 tokens to one prompt of 700 by a model from a file, Qwen2.5 1.5B for the peer's
// shapes; the loss falls on the answers. Tokens a second are counted as the peer does, which reads the prompt eight times.
//
// Prints the medians of the steps after the first. Both use all cores; nothing else should run. On a busy machine,
// processor time with one thread each is still a fair comparison: OPENBLAS_NUM_THREADS=1 CMLX_THREADS=1 for us,
// OMP_NUM_THREADS=1 for the peer.

import Episodes
import Foundation
import LanguageModels
import MLX
import ModelFiles
import Tokenization
import Training

/// Normally distributed matrices of deviation 0.02, and ones for norms.
struct RandomWeights: WeightSource {
  let shapes: [String: [Int]]

  func values(_ name: String) throws -> [Float] {
    guard let shape = shapes[name], shape.count == 2 else { return .init(repeating: 1, count: shapes[name]?[0] ?? 0) }
    let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    return try MLXRandom.normal(shape, scale: 0.02, key: MLXRandom.key(seed)).asArray(Float.self)
  }

  func blocks(_ name: String) throws -> EightBitBlocks? { nil }
}

let arguments = Array(CommandLine.arguments.dropFirst())
let isGroup = arguments.first == "group"
let share = isGroup ? 200 / 899 : arguments.count > 1 ? Float(arguments[1]) ?? 1 : 1
let steps = max(3, arguments.count > 2 ? Int(arguments[2]) ?? 7 : 7)
let (rows, length) = (8, isGroup ? 899 : 256)

let shape = TransformerConfiguration(
  family: .gemma3, vocabulary: 262_144, width: 640, layers: 18, heads: 4, keyValueHeads: 1, headWidth: 256,
  hidden: 2_048,
  context: 32_768, gate: .gelu, rotary: .init(base: 1_000_000), localRotary: .init(base: 10_000), window: 512,
  isWindowed: (0..<18).map { $0 % 6 != 5 }, queryKeyNorm: .perHead, norms: .sandwich, attentionScale: 1 / 16,
  embeddingScale: Float(640).squareRoot())
let random = PretrainedModel(
  name: "random", configuration: shape, tokenizer: WordTokenizer(words: [], separators: []),
  weights: RandomWeights(shapes: Dictionary(uniqueKeysWithValues: shape.weightShapes.map { ($0.name, $0.shape) })),
  digest: "")
let base = isGroup ? try PretrainedModel.load(from: URL(filePath: arguments[1]), name: "group") { _ in "" } : random
let parts: TrainableParts = arguments.first == "body" ? .body : .adapter(LoRAConfiguration(rank: 16, alpha: 32))
let model = try ModelCheckpoint(base: base, lineage: Lineage(name: "random")).model(
  training: parts, key: MLXRandom.key(1), recomputesLayers: isGroup || arguments.contains("checkpointing"))
var trainer = try SupervisedTrainer(model, padding: 0, optimizer: FineTuneOptions.gentle, steps: steps)

var generator = SeededGenerator(Seed(1))
let vocabulary = Int32(base.configuration.vocabulary)
@MainActor func tokens(_ count: Int) -> [Int32] {
  (0..<count).map { _ in Int32.random(in: 0..<vocabulary, using: &generator) }
}
let prompt = isGroup ? tokens(700) : []
let examples = (0..<rows).map { _ in
  TrainingExample(
    tokens: prompt + tokens(length + 1 - prompt.count),
    weights: (0...length).map { Float($0) > Float(length) * (1 - share) ? 1 : 0 })
}
var seconds: [Double] = []
var processorSeconds: [Double] = []
var loss: Float = 0
try Memory.reusing {
  for _ in 0..<steps {
    let (start, processorStart) = (ContinuousClock.now, clock())
    loss = try trainer.train(on: examples).weighted
    seconds.append((ContinuousClock.now - start) / .seconds(1))
    processorSeconds.append(Double(clock() - processorStart) / Double(CLOCKS_PER_SEC))
  }
}

/// The median after one step of warming up.
func settled(_ values: [Double]) -> Double { values.dropFirst().sorted()[(values.count - 1) / 2] }

let median = settled(seconds)
let processor = settled(processorSeconds)
print(
  String(
    format: "subterfuge, %d threads, %d trained parameters, loss on %.0f%%: median %.3f s/step (processor %.3f), "
      + "%.0f tokens/s, loss %.4f",
    Machine.current.threads, model.parameters.elementCount, 100 * share, median, processor,
    Double(rows * length) / median, loss))
print("steps", seconds.map { String(format: "%.2f", $0) }.joined(separator: " "))
let resident = (Memory.current.maximumResident ?? 0) >> 20
print("memory: arrays' peak \(Memory.current.peak >> 20) MiB, process \(resident) MiB")
let rate = Double(rows * length) / median
print(#"{"tokens/s": \#(rate), "processor seconds a step": \#(processor), "peak memory, MiB": \#(resident)}"#)
