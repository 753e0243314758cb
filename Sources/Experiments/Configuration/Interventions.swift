package import Judging

/// The interventions against gaming during training, used alone or together.
package struct Interventions: Sendable, Codable, Hashable {
  package var monitor: MonitorSettings
  /// The text added to every training prompt, for sampling and for learning; empty: none.
  ///
  /// Evaluation prompts never contain this text.
  package var inoculation: String
  package var recontextualisation: Recontextualisation

  /// Samples episodes under one prompt and learns from them under another (2512.19027).
  package struct Recontextualisation: Sendable, Codable, Hashable {
    /// The text added to the prompt when episodes are sampled.
    package var generation: String
    /// The text added to the prompt when the policy learns from the episodes.
    package var training: String

    package init(generation: String = "", training: String = "") {
      self.generation = generation
      self.training = training
    }
  }

  package init(
    monitor: MonitorSettings = MonitorSettings(), inoculation: String = "",
    recontextualisation: Recontextualisation = Recontextualisation()
  ) {
    self.monitor = monitor
    self.inoculation = inoculation
    self.recontextualisation = recontextualisation
  }

  /// The text added to prompts when episodes are sampled; empty: none.
  var generationContext: String { inoculation.isEmpty ? recontextualisation.generation : inoculation }
  /// The text added to prompts when the policy learns from episodes; empty: none.
  var trainingContext: String { inoculation.isEmpty ? recontextualisation.training : inoculation }
}
