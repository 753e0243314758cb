package import Episodes
package import LanguageModels
package import Training

/// Flags episodes by a linear probe on the states of a fixed model over the policy's own tokens.
///
/// The model that reads is the one that the probe was trained on, not the policy in training: its states mean the same in
/// every round, and training against the flags can change what the policy writes but not how that is read.
package struct ProbeMonitor: ReasoningMonitor {
  package let probe: LinearProbe
  private let reader: ModelCheckpoint

  package var name: String { "probe on \(probe.provenance.checkpoint)" }

  /// - Parameter reader: the checkpoint that the probe was trained on.
  /// - Throws: a `JudgingError` when it is another one.
  package init(_ probe: LinearProbe, reader: ModelCheckpoint) throws {
    guard try reader.digest() == probe.provenance.digest else {
      throw JudgingError(
        "The probe was trained on the states of '\(probe.provenance.checkpoint)', and '\(reader.lineage.name)' is another "
          + "model or was changed since. Read with that checkpoint, or train the probe anew.")
    }
    self.probe = probe
    self.reader = reader
  }

  /// Suspicion is the probability that the probe gives.
  package func verdicts(_ episodes: [MonitoredEpisode]) throws -> [MonitorVerdict] {
    try probe.scores(episodes.map(\.episode), reader: reader).map { score in
      MonitorVerdict(isFlagged: score >= probe.threshold, suspicion: probability(logOdds: score))
    }
  }
}
