package import Policies
package import Training

/// The servers that sample and the program that trains: `engine` of an experiment file.
///
/// The engine does not change what is computed, so a run may resume with another one.
package struct EngineSettings: Sendable, Codable, Hashable {
  package var sampler: SamplerSettings
  /// Trains what rounds learn. The warm start, preference models and probes are trained in this process.
  package var trainer: TorchSettings

  package init(sampler: SamplerSettings = SamplerSettings(), trainer: TorchSettings = TorchSettings()) {
    self.sampler = sampler
    self.trainer = trainer
  }
}
