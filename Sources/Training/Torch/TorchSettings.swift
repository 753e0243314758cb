import Episodes

/// Training in the torch program of `Engines/torch` in place of this process: `engine.trainer` of an experiment file.
package struct TorchSettings: Sendable, Codable, Hashable {
  package enum Precision: String, NamedChoice {
    case float32, bfloat16
  }

  package enum Sharding: String, NamedChoice {
    /// Each process holds the whole model.
    case none
    /// The model's weights are spread over the processes (FSDP2).
    case full
  }

  /// What starts the program, for example `torchrun --standalone --nproc-per-node 8`; empty: training is done in this process.
  package var launch: String
  /// The path of `Engines/torch/train.py`.
  package var program: String
  /// The model's folder in Hugging Face's form; empty: the experiment's policy.
  package var model: String
  package var dtype: Precision
  package var sharding: Sharding
  /// Computes each layer again for the gradient.
  package var checkpointing: Bool

  package init(
    launch: String = "", program: String = "", model: String = "", dtype: Precision = .float32,
    sharding: Sharding = .none, checkpointing: Bool = false
  ) {
    self.launch = launch
    self.program = program
    self.model = model
    self.dtype = dtype
    self.sharding = sharding
    self.checkpointing = checkpointing
  }

  /// Whether the program trains at all.
  package var isUsed: Bool { !launch.isEmpty }
}
