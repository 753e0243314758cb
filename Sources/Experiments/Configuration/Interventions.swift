package import Judging

/// What is done against gaming while training, alone or together.
package struct Interventions: Sendable, Codable, Hashable {
  package var monitor: MonitorSettings
  /// A text added to every training prompt, both when episodes are written and when they are learnt from, and to no prompt
  /// of an evaluation; empty: none.
  package var inoculation: String
  package var recontextualisation: Recontextualisation

  /// Episodes are written under one prompt and learnt from under another (2512.19027).
  package struct Recontextualisation: Sendable, Codable, Hashable {
    /// Added to the prompt when episodes are written.
    package var generation: String
    /// Added to the prompt when they are learnt from.
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

  /// What is added to prompts when episodes are written; empty: nothing.
  var generationContext: String { inoculation.isEmpty ? recontextualisation.generation : inoculation }
  /// What is added to prompts when episodes are learnt from; empty: nothing.
  var trainingContext: String { inoculation.isEmpty ? recontextualisation.training : inoculation }
}
