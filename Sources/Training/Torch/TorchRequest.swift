internal import Episodes
internal import Foundation
internal import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: D width; a head has a weight [D] and a bias [1].

extension TorchTrainer {
  /// `request.json` (`Engines/torch/README.md`).
  struct Request: Encodable {
    /// The algorithm's own settings, in the form that they have in files.
    enum Options: Encodable {
      case ppo(PPO)
      case grpo(GRPO)
      case preference(centring: Float)

      func encode(to encoder: any Encoder) throws {
        switch self {
        case .ppo(let ppo): try ppo.encode(to: encoder)
        case .grpo(let grpo): try grpo.encode(to: encoder)
        case .preference(let centring): try ["centring": centring].encode(to: encoder)
        }
      }
    }

    private struct AdapterPart: Encodable {
      let rank: Int
      let alpha: Float
      let targets: [String]
      let dropout: Float
      let start: String
    }

    private struct ReferencePart: Encodable {
      let adapter: String?
    }

    private let version = 1
    private let method: String
    private let model: String
    private let output = "output"
    private let adapter: AdapterPart
    private var reference: ReferencePart?
    private var heads: String?
    private let optimizer: Optimizer.Configuration
    var optimizerState: String?
    var options: Options?
    var klCoefficient: Double?
    var importanceCap: Float?
    var temperature: Float?
    private let context: Int
    private let seed: UInt64
    private let dtype: String
    private let sharding: String
    var checkpointing = false
    var tokensPerMicrobatch = 4_096

    /// A request that starts from an adapter, which is written into the folder.
    ///
    /// - Parameters:
    ///   - start: the checkpoint's model with the adapter that training changes, a new one or the checkpoint's own.
    init(
      method: String, optimizer: Optimizer.Configuration, seed: Seed, settings: TorchSettings, context: Int,
      start: any CausalLanguageModel, of checkpoint: ModelCheckpoint, in folder: URL
    ) throws {
      guard let adapter = try checkpoint.trained(start, lineage: checkpoint.lineage).adapter, checkpoint.weights.isEmpty
      else {
        throw ModelError("The torch program trains adapters only; set adapter.rank above 0.")
      }
      let files = folder.appending(path: "start")
      try adapter.write(peft: files, base: settings.model)
      self.method = method
      self.optimizer = optimizer
      self.seed = seed.value
      self.context = context
      model = URL(fileURLWithPath: settings.model).path
      (dtype, sharding) = (settings.dtype.rawValue, settings.sharding.rawValue)
      self.adapter = AdapterPart(
        rank: adapter.rank, alpha: adapter.alpha,
        targets: Set(adapter.matrices.keys.compactMap { $0.split(separator: ".").last.map(String.init) }).sorted(),
        dropout: 0, start: "start")
    }

    /// Names the checkpoint that divergence is measured from.
    mutating func refer(to checkpoint: ModelCheckpoint?, in folder: URL) throws {
      guard let checkpoint else { throw ModelError("A KL coefficient above 0 needs a reference checkpoint.") }
      guard let adapter = checkpoint.adapter else {
        reference = ReferencePart(adapter: nil)
        return
      }
      try adapter.write(peft: folder.appending(path: "reference"), base: nil)
      reference = ReferencePart(adapter: "reference")
    }

    /// Gives the program the heads of a checkpoint.
    mutating func write(_ heads: [String: ScalarHead], in folder: URL) throws {
      guard !heads.isEmpty else { return }
      let arrays = try heads.sorted { $0.key < $1.key }.flatMap { name, head in
        [("\(name).weight", try MLXArray(head.weight)), ("\(name).bias", try MLXArray([head.bias]))]
      }
      try Safetensors(arrays: Parameters(arrays)).encoded().writeDurably(
        to: folder.appending(path: "heads.safetensors"))
      self.heads = "heads.safetensors"
    }
  }
}
