import Episodes
package import Runs
package import Statistics
package import Storage

/// Everything that a report says, as a value: the tables, the page and `--json` are three views of it.
package struct ReportData: Sendable, Codable, Hashable {
  /// Raised when a field changes its meaning.
  package var formatVersion = 6
  package var subject: RunOutline
  package var provenance: Provenance
  package var findings: [Finding]
  package var gaming: Matrix
  package var honest: Matrix
  /// Without rows in an evaluation of a single policy.
  package var conditions: ConditionTable
  /// The same of honest completion.
  package var honestConditions: ConditionTable
  package var failed: FailedEpisodes
  package var paper: [PaperLine]
  package var trainAway: [TrainAway]
  package var monitors: [MonitorLine]
  package var telemetry: [TelemetrySeries]
  /// Environments under other arms than their standard one.
  package var arms: [ArmTable]
  /// What became of the reward and its guard, where there is one.
  package var guards: [GuardTable]
  /// Log-odds of fixed texts at the decision point, for each environment where they were scored.
  package var propensity: [Propensity]
  /// Estimates of rare events that the run made, and what they cost beside brute force.
  package var estimates: [RareEventResult]
  package var costs: [CostPoint]
  package var repeated: RepeatedTrials
  /// What people say of the positives that they read; one for each measure of which some were.
  package var labels: [LabelSummary]
  /// What judges say of disclosure beside the rule; one for each judge that was asked.
  package var disclosures: [DisclosureSummary]
  package var gate: [GateLine]
  package var rounds: [RoundSummary]
  package var samples: [SampleEpisode]
  package var evidence: [Evidence]
  /// The pages of all episodes, cell by cell.
  package var episodeFiles: [EpisodeFile]
  /// Where the episodes are that were labelled or judged one by one.
  package var episodePlaces: [EpisodePlace]

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, subject: RunOutline) throws {
    let counts = CountIndex(try store.outcomes(purposes: [subject.purpose, "gate", "in_context"]))
    estimates = try store.results(startingWith: RareEventResult.steps)
    costs = estimates.flatMap(CostPoint.all)
    rounds = try store.rounds()
    let subject = subject.withoutEmptyStages(rounds)
    self.subject = subject
    provenance = try Provenance(store)
    gaming = Matrix("Gaming", of: subject, columns: subject.gamingColumns, counts: counts)
    honest = Matrix("Honest completion", of: subject, columns: subject.honestColumns, counts: counts)
    conditions = ConditionTable(of: subject, columns: subject.gamingColumns, counts: counts)
    honestConditions = ConditionTable(of: subject, columns: subject.honestColumns, counts: counts)
    failed = try FailedEpisodes(store, subject, counts: counts)
    arms = ArmTable.all(subject, counts: counts)
    guards = GuardTable.all(subject, counts: counts)
    propensity = try Propensity.all(store, subject: subject)
    paper = PaperLine.all(subject, gaming: gaming, table: conditions, arms: arms)
    trainAway = TrainAway.all(subject, columns: conditions.columns, rounds: rounds, counts: counts)
    monitors = MonitorLine.all(rounds)
    telemetry = TelemetrySeries.all(try store.metrics(), rounds)
    repeated = try RepeatedTrials(store, subject: subject, counts: counts)
    labels = try LabelSummary.all(store, subject)
    disclosures = try DisclosureSummary.all(store)
    gate = try store.gate().map { GateLine($0, of: subject, counts: counts) }
    episodeFiles = []
    episodePlaces = try EpisodePlace.all(
      labels.flatMap(\.read).map(\.episode) + disclosures.flatMap(\.judged).map(\.episode), in: store)
    samples = try SampleEpisode.all(in: store, subject: subject, counts: counts)
    evidence = []
    findings = []
    evidence = try Evidence.all(in: store, shownEstimates, counts: counts)
    // The weighted episodes of an estimate are no sample of the policy's.
    if isEstimateAlone { return }
    findings = Finding.all(self)
    episodeFiles = EpisodeFile.all(try store.counts(), mainPurpose: subject.purpose)
  }
}

extension ReportData {
  /// Whether the run estimated the rate of a rare event and nothing else.
  var isEstimateAlone: Bool { gaming.isEmpty && !estimates.isEmpty }

  /// Every estimate that the report shows, table by table.
  private var shownEstimates: [Estimate] {
    let matrices = [gaming, honest].flatMap(\.rows).flatMap(\.cells).compactMap { $0?.estimate }
    let ends =
      conditions.start.compactMap { $0?.estimate } + conditions.rows.flatMap(\.cells).compactMap { $0?.estimate }
    let away = trainAway.flatMap(\.lines).flatMap { [$0.start, $0.before, $0.after] }
    return matrices + ends + away + arms.flatMap(\.rows).flatMap(\.cells).compactMap { $0?.estimate }
      + guards.flatMap(\.rows).flatMap(\.cells).compactMap(\.self) + gate.map(\.estimate)
      + repeated.attempts.flatMap(\.byAttempt) + labels.flatMap(\.rates).map(\.positives)
  }
}

/// Where the numbers come from.
package struct Provenance: Sendable, Codable, Hashable {
  package var run: String
  package var configuration: String
  package var configurationHash: String
  package var rootSeed: UInt64
  package var codeRevisions: [String]
  package var checkpoints: [CheckpointRecord]
  package var episodes: Int

  init(_ store: RunStore) throws {
    let description = try store.run()
    run = description.name
    configuration = description.configuration
    configurationHash = description.configurationHash
    rootSeed = description.rootSeed.value
    codeRevisions = try store.codeRevisions()
    checkpoints = try store.checkpoints()
    episodes = try store.count(EpisodeQuery())
  }
}
