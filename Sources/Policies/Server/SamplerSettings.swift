import Episodes
import HTTP

/// The servers that sample in place of the engine in this process: `engine.sampler` of an experiment file.
package struct SamplerSettings: Sendable, Codable, Hashable {
  /// What the servers are.
  package enum Kind: String, NamedChoice {
    /// vLLM, started with `--enable-lora` and `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True` where checkpoints are adapters.
    case vllm
    case sglang
  }

  package var kind: Kind
  /// Where they are, for example `http://node1:8000`. All serve the same model.
  package var urls: [String]
  /// The model's name on the servers, without an adapter; SGLang needs none.
  package var model: String
  /// A folder that this machine and the servers see under the same path; checkpoints are written there as PEFT adapters.
  package var adapters: String
  /// The environment variable that holds the servers' key; empty for none.
  package var keyVariable: String
  /// Seconds within which a turn must be written.
  package var timeout: Double
  /// The largest mean difference, in nats, between a token's log-probability here and on the server.
  package var tolerance: Double

  package init(
    kind: Kind = .vllm, urls: [String] = [], model: String = "", adapters: String = "", keyVariable: String = "",
    timeout: Double = 600, tolerance: Double = 0.05
  ) {
    self.kind = kind
    self.urls = urls
    self.model = model
    self.adapters = adapters
    self.keyVariable = keyVariable
    self.timeout = timeout
    self.tolerance = tolerance
  }

  /// Whether servers sample at all.
  package var isUsed: Bool { !urls.isEmpty }

  /// Throws a `RemoteError` that says which setting cannot be.
  package func validate() throws {
    for url in urls { try remote(url).validate() }
    guard tolerance > 0, tolerance.isFinite else {
      throw RemoteError(.settings, "the tolerance must be above 0, not \(tolerance).")
    }
    guard kind != .vllm || !model.isEmpty else {
      throw RemoteError(
        .settings, "model is empty; give the name under which vLLM serves the model (--served-model-name).")
    }
  }

  func remote(_ url: String) -> RemoteSettings {
    // The pool asks another server when one is away, so none is asked twice in a row.
    RemoteSettings(address: url, keyVariable: keyVariable.isEmpty ? nil : keyVariable, timeout: timeout, attempts: 1)
  }
}
