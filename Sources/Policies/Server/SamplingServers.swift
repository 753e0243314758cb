package import Episodes
internal import Foundation
internal import HTTP
package import LanguageModels
internal import Tokenization

/// Servers that sample from the checkpoints of a run, each checkpoint an adapter with a name of its own.
///
/// A name holds the run and the digest of its weights, and is never used for others: two runs share a server without forgetting
/// one another's adapters, and a server, which keeps keys and values under the name, never
/// serves those of other weights (vllm#42125). The adapters used last stay loaded; of the others, those that
/// no turn uses are forgotten.
package actor SamplingServers {
  private let settings: SamplerSettings
  private let pool: ServerPool
  private let run: String
  /// Those loaded, the one used last at the end.
  private var loaded: [String] = []
  /// Adapters that stay loaded: a curriculum goes on from the last, and some conditions sample from the start as well.
  private static let mostLoaded = 2

  /// - Parameters:
  ///   - run: what tells this run from others on the same servers; ASCII letters, digits, `-`, `_`, `.`.
  ///   - environment: where the key is looked up.
  /// - Throws: a `RemoteError` when a setting cannot be or the key is missing.
  package init(
    _ settings: SamplerSettings, run: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    self.settings = settings
    self.run = run
    try settings.validate()
    pool = ServerPool(
      try settings.urls.map { url in
        let client = try RemoteClient(settings.remote(url), environment: environment)
        return switch settings.kind {
        case .vllm: VLLMServer(client: client, model: settings.model)
        case .sglang: SGLangServer(client: client)
        }
      })
  }

  /// A policy that samples from a checkpoint on the servers.
  ///
  /// - Parameter place: names the checkpoint in the run, for example `start-12`; ASCII letters, digits, `-`, `_`, `.`.
  /// - Throws: a `ModelError` when the checkpoint is more than an adapter; a `RemoteRunError` when a server cannot load it.
  package func policy(
    _ checkpoint: ModelCheckpoint, named name: String, place: String, temperature: Float, promptStyle: PromptStyle
  ) async throws -> ServerPolicy {
    guard checkpoint.base != nil, checkpoint.weights.isEmpty else {
      throw ModelError(
        "The checkpoint '\(name)' is not an adapter beside a pretrained model, so servers cannot sample from it. Set "
          + "adapter.rank above 0.")
    }
    var adapter: String?
    if let factors = checkpoint.adapter {
      let known = "\(run)-\(place)-\(try checkpoint.digest().prefix(12))"
      try await load(factors, as: known)
      adapter = known
    }
    return ServerPolicy(
      name: name, promptStyle: promptStyle, tokenizer: checkpoint.tokenizer, temperature: temperature,
      context: checkpoint.architecture.context, adapter: adapter, pool: pool)
  }

  private func load(_ factors: Adapter, as name: String) async throws {
    if let place = loaded.firstIndex(of: name) {
      loaded.append(loaded.remove(at: place))
      return
    }
    let folder = URL(fileURLWithPath: settings.adapters).appending(path: name)
    guard !settings.adapters.isEmpty else {
      throw RemoteRunError(
        "engine.sampler.adapters is empty; name a folder that this machine and the servers see under the same path.")
    }
    do { try factors.write(peft: folder, base: settings.model) } catch {
      throw RemoteRunError("The adapter cannot be written into \(folder.path): \(error)")
    }
    try await pool.onEach { server in
      do { try await server.load(adapter: folder.path, as: name) } catch let error as RemoteError {
        // A controller that was started again finds it there.
        guard error.description.contains("already") else {
          throw RemoteError(
            error.kind,
            "The server could not load the adapter \(folder.path). Does it see this folder, and does it take adapters of rank "
              + "\(factors.rank)? \(error.description)")
        }
      }
    }
    loaded.append(name)
    while loaded.count > Self.mostLoaded {
      let old = loaded.removeFirst()
      try await pool.whenUnused(adapter: old)
      try await pool.onEach { try await $0.unload(adapter: old) }
      try? FileManager.default.removeItem(at: URL(fileURLWithPath: settings.adapters).appending(path: old))
    }
  }
}
