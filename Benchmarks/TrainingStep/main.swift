// One training step of a small GPT in float32: forward, backward, AdamW. The peer is torch_peer.py beside this file.
//
//   swift build -c release --product TrainingStep
//   .build/release/TrainingStep [steps, default 9]
//   python Benchmarks/TrainingStep/torch_peer.py eager|compile
//
// Prints the medians of the steps after the first two. Both use all cores; nothing else should run. On a busy machine,
// processor time with one thread each is still a fair comparison: OPENBLAS_NUM_THREADS=1 CMLX_THREADS=1 for us,
// OMP_NUM_THREADS=1 for the peer.

import Foundation
import MLX

let steps = max(3, CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 9)
let batch = 16
let model = GPT()
Memory.setCacheLimit(1 << 30)
var parameters = try model.initialParameters()
var optimizer = Optimizer(.init(adamW: AdamW(learningRate: 3e-4, beta2: 0.999, weightDecay: 0.1)))

/// Random token ids [B, T].
func ids(seed: UInt64) throws -> MLXArray {
  let uniform = try MLXRandom.uniform(
    low: 0, high: Float(model.vocabulary), [batch, model.context], key: MLXRandom.key(seed))
  return try uniform.asType(.int32)
}

let (tokens, targets) = (try ids(seed: 1), try ids(seed: 2))
try eval(tokens, targets)
var seconds: [Double] = []
var processorSeconds: [Double] = []
var loss: Float = 0
for _ in 0..<steps {
  let start = ContinuousClock.now
  let processorStart = clock()
  let result = try valueAndGrad(parameters) { [try model.loss($0, tokens: tokens, targets: targets)] }
  try eval(result.values + result.gradients.arrays)
  parameters = try optimizer.update(parameters, gradients: result.gradients).parameters
  loss = try result.loss.item(Float.self)
  seconds.append((ContinuousClock.now - start) / .seconds(1))
  processorSeconds.append(Double(clock() - processorStart) / Double(CLOCKS_PER_SEC))
}

/// The median after two steps of warming up.
func settled(_ values: [Double]) -> Double { values.dropFirst(2).sorted()[(values.count - 2) / 2] }

let median = settled(seconds)
let rate = Double(batch * model.context) / median
let processor = settled(processorSeconds)
let memory = Memory.current
print(
  String(
    format: "subterfuge, %d threads, %d parameters: median %.3f s/step (processor %.3f), %.0f tokens/s, loss %.4f",
    Machine.current.threads, parameters.elementCount, median, processor, rate, loss))
print("steps", seconds.map { String(format: "%.2f", $0) }.joined(separator: " "))
print("memory: arrays' peak \(memory.peak >> 20) MiB, process \((memory.maximumResident ?? 0) >> 20) MiB")
let resident = (memory.maximumResident ?? 0) >> 20
print(#"{"tokens/s": \#(rate), "processor seconds a step": \#(processor), "peak memory, MiB": \#(resident)}"#)
