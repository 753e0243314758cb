import Episodes
import Runs
import Storage

/// Makes episodes of samples and stores them in batches.
struct SampleWriter {
  /// Episodes of one transaction.
  static let batch = 2_000
  /// A column with more models than this is no column of models.
  static let mostCheckpoints = 200

  private struct Cell: Hashable {
    var checkpoint: String
    var environment: ReleasedEnvironment
    var arm: Arm
  }

  private let store: RunStore
  private let inserter: BatchInserter
  private var numbers: PromptNumbers
  private var waiting: [Episode] = []
  private(set) var checkpoints: [String] = []
  private var known: Set<String> = []
  /// How many samples a prompt of a cell has so far, by its number.
  private var samples: [Cell: [Int]] = [:]

  init(_ store: RunStore, _ numbers: PromptNumbers) {
    self.store = store
    inserter = BatchInserter(store)
    self.numbers = numbers
  }

  /// - Throws: `TableError` for a column of too many models; `StoreError`.
  mutating func add(_ sample: ReleasedSample, of file: ReleasedFile, line: Int) throws {
    let checkpoint = Self.checkpoint(sample.model ?? file.stem)
    if known.insert(checkpoint).inserted { try record(checkpoint, file, line) }
    let variant = numbers.number(of: sample.prompt, file.environment, file.arm)
    let cell = Cell(checkpoint: checkpoint, environment: file.environment, arm: file.arm)
    let key = EpisodeKey(
      checkpoint: checkpoint, environment: file.environment.rawValue, arm: file.arm, purpose: "evaluation",
      variant: variant, sample: next(of: variant, in: cell))
    waiting.append(
      Episode(
        key: key, seed: Seed(0),
        transcript: Transcript([Segment(.prompt, sample.prompt)] + ResponseText.segments(sample.response)),
        changes: [],
        result: .graded(
          file.environment.outcome(sample.score, preference: sample.preference), stop: .finished),
        timings: EpisodeTimings()))
    if waiting.count >= Self.batch { try flush() }
  }

  /// Hands on what is waiting.
  mutating func flush() throws {
    if !waiting.isEmpty { try inserter.insert(waiting) }
    waiting = []
  }

  /// Waits until all that was handed on is stored.
  func finish() throws { try inserter.finish() }

  private mutating func record(_ checkpoint: String, _ file: ReleasedFile, _ line: Int) throws {
    guard checkpoints.count < Self.mostCheckpoints else {
      throw TableError(
        file: file.name, line: line,
        "there are more than \(Self.mostCheckpoints) different 'sample_model'; is it really a column of models?")
    }
    checkpoints.append(checkpoint)
    try store.record(CheckpointRecord(name: checkpoint))
  }

  private mutating func next(of variant: Int, in cell: Cell) -> Int {
    let missing = variant + 1 - (samples[cell]?.count ?? 0)
    if missing > 0 { samples[cell, default: []] += Array(repeating: 0, count: missing) }
    defer { samples[cell]?[variant] += 1 }
    return samples[cell]?[variant] ?? 0
  }

  /// A model's name as a checkpoint's: no colon, which `compare` takes for a separator, and nothing that cannot be seen.
  private static func checkpoint(_ model: String) -> String {
    let name = model.prefix(200).unicodeScalars.map { scalar -> Character in
      scalar == ":" || scalar.properties.generalCategory == .control ? "_" : Character(scalar)
    }
    return String(name)
  }
}
