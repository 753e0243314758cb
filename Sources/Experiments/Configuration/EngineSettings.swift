package import Policies
package import Training

/// Where an experiment's sampling and training are done: `engine` of an experiment file. It says nothing about what is done, so a run may be
/// resumed with another.
package struct EngineSettings: Sendable, Codable, Hashable {
  package var sampler: SamplerSettings
  /// Trains what rounds learn. The warm start, preference models and probes are trained in this process.
  package var trainer: TorchSettings

  package init(sampler: SamplerSettings = SamplerSettings(), trainer: TorchSettings = TorchSettings()) {
    self.sampler = sampler
    self.trainer = trainer
  }
}
