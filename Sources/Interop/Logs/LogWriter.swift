import Episodes
import Runs
import Storage

/// Stores the samples of logs as episodes.
struct LogWriter {
  /// What waits for one transaction: episodes, and bytes of their transcripts.
  private static let batch = (episodes: 2_000, bytes: 16 << 20)
  private static let mostCheckpoints = 10_000

  private struct Prompt: Hashable {
    var cell: Cell
    var variant: Int
  }

  /// What an environment of the run holds.
  struct Column {
    var facts: [String] = []
    var arms: [Arm] = []
  }

  private let store: RunStore
  private let inserter: BatchInserter
  private var numbers = SampleNumbers()
  private var waiting: [Episode] = []
  private var waitingBytes = 0
  private(set) var checkpoints: [String] = []
  private(set) var environments: [String] = []
  private(set) var columns: [String: Column] = [:]
  private var known: Set<String> = []
  /// The exported run that each checkpoint is of; `nil` for a model of somebody else's log.
  private var origins: [String: String?] = [:]
  /// Samples of earlier logs, by what identifies them in all copies.
  private var earlier: Set<String> = []
  private var ownIdentifiers: Set<String> = []
  /// How many samples each prompt has in the logs before this one, and the epochs that this log has.
  private var samples: [Prompt: Int] = [:]
  private var epochs: [Prompt: Set<Int>] = [:]
  private var rewards: [EpisodeKey: RewardTerms] = [:]
  private var verdicts: [String: [EpisodeKey: MonitorVerdict]] = [:]

  init(_ store: RunStore) {
    self.store = store
    inserter = BatchInserter(store)
  }

  /// Gives the samples of a log their numbers in the order of its data set.
  mutating func begin(_ log: LogReader.Summary) {
    guard let environment = log.environment else { return }
    for id in log.sampleIDs { _ = numbers.number(of: id, in: environment) }
  }

  /// - Returns: whether the sample is new; the copy of an earlier log's sample is not.
  /// - Throws: `TableError` for a sample that is twice in its log; `StoreError` for what went wrong with an earlier batch.
  mutating func add(_ logged: LoggedEpisode, file: String, place: String) throws -> Bool {
    if let uuid = logged.uuid {
      if earlier.contains(uuid) { return false }
      ownIdentifiers.insert(uuid)
    }
    var cell = logged.cell
    cell.checkpoint = LoggedName(cell.checkpoint).text
    cell.environment = LoggedName(cell.environment).text
    let variant = logged.record?.episode.key.variant ?? numbers.number(of: logged.id, in: cell.environment)
    let prompt = Prompt(cell: cell, variant: variant)
    let epoch = logged.epoch ?? (epochs[prompt]?.max() ?? 0) + 1
    guard epochs[prompt, default: []].insert(epoch).inserted else {
      throw TableError(
        file: file, "\(place): the log has two samples with the ID \(logged.id.text.prefix(60)) and the epoch \(epoch)")
    }
    let key = EpisodeKey(
      checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose,
      variant: variant, sample: logged.record?.episode.key.sample ?? samples[prompt, default: 0] + epoch - 1)
    guard origins.updateValue(logged.run, forKey: cell.checkpoint) ?? logged.run == logged.run else {
      throw TableError(
        file: file,
        "\(place): another log has the checkpoint \(cell.checkpoint) of another run. Import the logs of each run by "
          + "themselves")
    }
    try note(logged, cell, file: file)
    keep(logged.record?.annotations, of: key)
    waiting.append(
      Episode(
        key: key, seed: logged.record?.episode.seed ?? Seed(0), transcript: logged.transcript,
        changes: logged.record?.episode.changes ?? [], result: logged.result, timings: logged.timings,
        usage: logged.usage))
    waitingBytes += logged.transcript.segments.reduce(1_000) { $0 + $1.text.utf8.count }
    if waiting.count >= Self.batch.episodes || waitingBytes >= Self.batch.bytes { try flush() }
    return true
  }

  /// Ends a log: its samples are stored, and later logs follow with their epochs.
  mutating func end() throws {
    try flush()
    try inserter.finish()
    if !rewards.isEmpty { try store.record(rewards) }
    for (monitor, verdicts) in verdicts { try store.record(verdicts, monitor: monitor) }
    for (prompt, epochs) in epochs { samples[prompt, default: 0] += epochs.max() ?? 0 }
    earlier.formUnion(ownIdentifiers)
    (rewards, verdicts, epochs, ownIdentifiers) = ([:], [:], [:], [])
  }

  /// Waits until nothing is being written any more.
  func stop() { try? inserter.finish() }

  /// The variants of the environments whose samples have other IDs.
  var sampleNames: [(environment: String, names: [String: Int])] {
    environments.compactMap { environment in numbers.names(in: environment).map { (environment, $0) } }
  }

  private mutating func flush() throws {
    if !waiting.isEmpty { try inserter.insert(waiting) }
    (waiting, waitingBytes) = ([], 0)
  }

  private mutating func note(_ logged: LoggedEpisode, _ cell: Cell, file: String) throws {
    if known.insert(cell.checkpoint).inserted {
      guard checkpoints.count < Self.mostCheckpoints else {
        throw TableError(file: file, "there are more than \(Self.mostCheckpoints) models; import fewer logs at once")
      }
      checkpoints.append(cell.checkpoint)
      try store.record(CheckpointRecord(name: cell.checkpoint))
    }
    if columns[cell.environment] == nil { environments.append(cell.environment) }
    var column = columns[cell.environment] ?? Column()
    let facts = logged.result.outcome?.facts ?? [:]
    for fact in logged.factOrder + facts.keys.sorted() where facts[fact] != nil && !column.facts.contains(fact) {
      column.facts.append(fact)
    }
    if !column.arms.contains(cell.arm) { column.arms.append(cell.arm) }
    columns[cell.environment] = column
  }

  private mutating func keep(_ annotations: EpisodeAnnotations?, of key: EpisodeKey) {
    if let reward = annotations?.reward { rewards[key] = reward }
    for (monitor, verdict) in annotations?.verdicts ?? [:] { verdicts[monitor, default: [:]][key] = verdict }
  }
}
