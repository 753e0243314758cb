// Sampling from a GGUF model on the CPU: 64, 16 and 1 rows that share a prompt of 700 tokens, at temperature 1 with
// log-probabilities recorded. The peers are llama_peer.py and transformers_peer.py; Scripts/bench.sh runs all in turns.
//
//   swift build -c release --product Sampling
//   .build/release/Sampling MODEL.gguf [exact | fast] [vnni] [greedy | error]
//
// Prints JSON lines. `floor` is the share of a step that its matrix products alone would take with our kernels; `blas`
// what OpenBLAS reaches on the two largest of them, in GFLOP/s of float32. `vnni` leaves AMX aside. With `greedy`, prints 24
// tokens instead; with `error`, how far the log-probabilities of what `fast` samples are from the exact ones, in nats.

import Foundation
import LanguageModels
import MLX
import ModelFiles
import Tokenization

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

func report(_ fields: [(String, Double)]) {
  print("{" + fields.map { "\"\($0.0)\": \((($0.1 * 100).rounded() / 100))" }.joined(separator: ", ") + "}")
}

/// The peak of the process's memory in MiB.
func peakMemory() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(whereSeparator: \.isWhitespace)).flatMap { Double($0[1]) }.map { $0 / 1024 } ?? .nan
}

/// GFLOP/s of OpenBLAS for `rows` rows of activations times a matrix [out, width].
func blas(rows: Int, width: Int, out: Int) throws -> Double {
  let x = try MLXRandom.normal([rows, width], scale: 1, key: MLXRandom.key(1))
  let w = try MLXRandom.normal([out, width], scale: 1, key: MLXRandom.key(2))
  try eval([x, w])
  let times = try (0..<5).map { _ in try seconds { try eval([matmul(x, w.T)]) } }
  return 2 * Double(rows * width * out) / median(times) / 1e9
}

guard let path = CommandLine.arguments.dropFirst().first else {
  FileHandle.standardError.write(Data("usage: Sampling MODEL.gguf [exact | fast] [vnni] [greedy | error]\n".utf8))
  exit(64)
}
let loading = ContinuousClock.now
let base = try PretrainedModel.load(from: URL(filePath: path), name: "benchmark") { _ in "" }
let checkpoint = try ModelCheckpoint(base: base, lineage: Lineage(name: "benchmark"))
let precision = CommandLine.arguments.contains("fast") ? SamplingPrecision.fast : .exact
let kernels = CommandLine.arguments.contains("vnni") ? Decoder.Kernels.vnni : .amx
let decoder = try Decoder(checkpoint, precision: precision, kernels: kernels)
let loaded = (ContinuousClock.now - loading) / .seconds(1)
let shape = base.configuration
let range = shape.vocabulary - 2_000
let prompt: [Int32] = (0..<700).map { Int32(1_000 + $0 * 7_919 % range) }

if CommandLine.arguments.contains("greedy") {
  let cache = DecoderCache(decoder)
  var tokens = prompt
  let drawn = try (0..<24).map { _ in
    let run = DecoderRun(cache: cache, tokens: tokens, draws: true, sampling: SamplingOptions(temperature: 0))
    let draw = try decoder.step([run])[0]
    tokens = draw.map { [$0.token] } ?? []
    return draw?.token ?? -1
  }
  print(drawn.map(String.init).joined(separator: " "))
  exit(0)
}

if CommandLine.arguments.contains("error") {
  // Rollouts that continue a real text.
  let text =
    "You can run commands. Look into the folder, read the files, and answer: how many episodes were there?\n<bash>ls"
  let fast = try Decoder(checkpoint, precision: .fast)
  let start = base.tokenizer.encode(text, specials: .none)
  var differences: [Double] = []
  for seed in 0..<32 {
    let (sampled, scored) = (DecoderCache(fast), DecoderCache(decoder))
    var tokens = start
    for _ in 0..<32 {
      let run = DecoderRun(cache: sampled, tokens: tokens, draws: true, seed: UInt64(seed))
      guard let draw = try fast.step([run])[0] else { continue }
      let logits = try decoder.logits(tokens, scored)
      let top = logits.max() ?? 0
      let total = logits.reduce(0.0) { $0 + exp(Double($1 - top)) }
      differences.append(Double(draw.logProbability) - (Double(logits[Int(draw.token)] - top) - log(total)))
      tokens = [draw.token]
    }
  }
  let sizes = differences.map(abs)
  let count = Double(sizes.count)
  let (mean, largest) = (sizes.reduce(0, +) / count, sizes.max() ?? 0)
  let ratio = differences.map { exp(-$0) }.reduce(0, +) / count
  print("{\"tokens\": \(count), \"mean_nats\": \(mean), \"largest_nats\": \(largest), \"mean_ratio\": \(ratio)}")
  exit(0)
}

var prefix = DecoderCache(decoder)
let prefill = try (0..<5).map { _ in
  prefix = DecoderCache(decoder)
  return try seconds { _ = try decoder.step([DecoderRun(cache: prefix, tokens: prompt, draws: false)]) }
}
report([("prefill", Double(prompt.count) / median(prefill)), ("load_seconds", loaded)])
for (rows, steps) in [(64, 9), (16, 15), (1, 31)] {
  var runs = (0..<rows).map {
    DecoderRun(cache: prefix.fork(), tokens: [Int32(5_000 + $0)], draws: true, seed: UInt64($0))
  }
  var times: [Double] = []
  for _ in 0..<steps {
    var draws: [Draw?] = []
    times.append(try seconds { draws = try decoder.step(runs) })
    for (index, draw) in draws.enumerated() { runs[index].tokens = [draw?.token ?? 0] }
  }
  let floor = median((0..<5).map { _ in decoder.productSeconds(rows: rows) })
  report([
    ("rows", Double(rows)), ("tokens_per_second", Double(rows) / median(times)),
    ("milliseconds", median(times) * 1_000), ("floor", floor / median(times)),
  ])
}
let memory = peakMemory()
let rates = [
  try blas(rows: 64, width: shape.width, out: shape.vocabulary),
  try blas(rows: 64, width: shape.width, out: shape.hidden),
]
let flops = 2 * 64 * Double(shape.parameterCount)
report([
  ("peak_mib", memory), ("weights_mib", Double(decoder.weightBytes) / 1_048_576),
  ("our_gflops", flops / decoder.productSeconds(rows: 64) / 1e9), ("blas_head_gflops", rates[0]),
  ("blas_hidden_gflops", rates[1]),
])
