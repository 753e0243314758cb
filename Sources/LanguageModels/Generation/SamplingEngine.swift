/// Samples many texts at once from one model.
///
/// Requests come from concurrent tasks. Every step of the engine takes whatever can run: one token of each row that is
/// writing, and pieces of the prompts and tool outputs that others have yet to read. A row that waits for its tool takes
/// no part, and keeps its place. When all places are taken, `open` waits, and the first in the queue moves in when a row
/// is closed. Rows with the same prompt read it once and share its keys and values.
///
/// **A row's tokens and log-probabilities depend on the weights, its text and its seed alone**, bit for bit: not on other
/// rows, on how reading was cut into steps, or on the number of threads.
package actor SamplingEngine {
  /// How much an engine does at once; none of it changes any result.
  package struct Options: Sendable, Hashable {
    /// Rows that may be open; more wait. Bounds the memory of keys and values.
    package var rows: Int
    /// Tokens of one step.
    package var tokensPerStep: Int
    /// Threads of one step; 0 is one for each core.
    package var threads: Int

    package init(rows: Int = 256, tokensPerStep: Int = 768, threads: Int = 0) {
      self.rows = rows
      self.tokensPerStep = tokensPerStep
      self.threads = threads
    }
  }

  /// Names an open row.
  package struct RowID: Sendable, Hashable, Comparable {
    fileprivate let value: Int
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  }

  /// What the engine has done so far.
  package struct Statistics: Sendable {
    package var steps = 0
    package var drawnTokens = 0
    package var readTokens = 0
    /// The most rows that were open at once.
    package var mostRows = 0
  }

  package nonisolated let configuration: SeedlingConfiguration
  package nonisolated let tokenizer: WordTokenizer
  package private(set) var statistics = Statistics()

  private let decoder: SeedlingDecoder
  private let options: Options
  private var rows: [RowID: Row] = [:]
  private var prefixes: [[Int32]: Prefix] = [:]
  private var queue: [(ticket: RowID, admitted: CheckedContinuation<Void, any Error>)] = []
  private var takenPlaces = 0
  private var tickets = 0
  private var isStepping = false

  /// An engine over a copy of the checkpoint's weights.
  package init(_ checkpoint: ModelCheckpoint, options: Options = Options()) throws {
    configuration = checkpoint.configuration
    tokenizer = checkpoint.tokenizer
    self.options = options
    decoder = try SeedlingDecoder(checkpoint, threads: options.threads)
  }

  /// Opens a row behind `prompt` (at least one token); waits while all places are taken.
  ///
  /// - Parameters:
  ///   - seed: names the row's random numbers: the draw at a position is a function of the two.
  ///   - temperature: divides the logits; 1 is the model's own distribution, 0 takes the most probable token.
  /// - Throws: `CancellationError`; a `ModelError` when the prompt is empty or longer than the context.
  package func open(prompt: [Int32], seed: UInt64, temperature: Float = 1) async throws -> RowID {
    guard let last = prompt.last else { throw ModelError("A prompt needs at least one token.") }
    guard prompt.count < configuration.context else {
      throw ModelError("The prompt has \(prompt.count) tokens; the model's context is \(configuration.context).")
    }
    tickets += 1
    let id = RowID(value: tickets)
    try await takePlace(id)
    if Task.isCancelled {
      leavePlace()
      throw CancellationError()
    }
    let prefix = prefix(Array(prompt.dropLast()))
    prefix.users += 1
    rows[id] = Row(prefix: prefix, pending: [last], temperature: temperature, seed: seed)
    statistics.mostRows = max(statistics.mostRows, rows.count)
    return id
  }

  /// Lets the row read `injected`, then draws until a stop string, the end of the turn or `maxTokens`.
  ///
  /// - Throws: `CancellationError`, which also closes the row; a `ModelError` when the row is not open or is already
  ///   writing, or when the weights give numbers that are not finite.
  package func generate(
    _ id: RowID, injecting injected: [Int32] = [], stops: [String] = [], maxTokens: Int
  ) async throws -> SampledText {
    guard let row = rows[id], row.request == nil else { throw ModelError("The row is not open, or is already writing.") }
    row.pending += injected
    if maxTokens <= 0 { return SampledText(stop: .tokenLimit) }
    if row.length + row.pending.count > configuration.context { return SampledText(stop: .contextFull) }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        row.request = Request(continuation: continuation, maxTokens: maxTokens, scanner: StopScanner(stops))
        step()
      }
    } onCancel: {
      Task { await self.cancel(id) }
    }
  }

  /// Frees the row and lets the next one in. Safe to call twice.
  package func close(_ id: RowID) {
    guard let row = rows.removeValue(forKey: id) else { return }
    row.request?.continuation.resume(throwing: CancellationError())
    row.prefix.users -= 1
    if row.prefix.users == 0 { prefixes[row.prefix.tokens] = nil }
    leavePlace()
  }
}

// MARK: - Places

extension SamplingEngine {
  private func takePlace(_ id: RowID) async throws {
    if takenPlaces < options.rows {
      takenPlaces += 1
      return
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { queue.append((id, $0)) }
    } onCancel: {
      Task { await self.cancel(id) }
    }
  }

  /// Hands the place to the first in the queue, if anybody waits.
  private func leavePlace() {
    if queue.isEmpty { takenPlaces -= 1 } else { queue.removeFirst().admitted.resume() }
  }

  /// Ends whatever the row waits for: a place, or its text.
  private func cancel(_ id: RowID) {
    if let index = queue.firstIndex(where: { $0.ticket == id }) {
      queue.remove(at: index).admitted.resume(throwing: CancellationError())
    }
    close(id)
  }

  private func prefix(_ tokens: [Int32]) -> Prefix {
    if let known = prefixes[tokens] { return known }
    let prefix = Prefix(tokens: tokens, cache: DecoderCache(decoder))
    prefixes[tokens] = prefix
    return prefix
  }
}

// MARK: - Steps

extension SamplingEngine {
  /// Steps until no row can run. Between steps, other tasks reach the engine: new rows join, closed ones leave.
  private func step() {
    guard !isStepping else { return }
    isStepping = true
    Task {
      while advance() { await Task.yield() }
      isStepping = false
    }
  }

  /// One step; false when there was nothing to do.
  private func advance() -> Bool {
    let batch = Batch(rows: rows, limit: options.tokensPerStep)
    if batch.runs.isEmpty { return false }
    statistics.steps += 1
    statistics.readTokens += batch.runs.reduce(0) { $0 + $1.tokens.count }
    do {
      let draws = try decoder.step(batch.runs)
      for (reader, draw) in zip(batch.readers, draws) {
        if case .row(let id) = reader, let draw { deliver(draw, to: id) }
      }
    } catch {
      for row in rows.values { row.take()?.continuation.resume(throwing: error) }
    }
    return true
  }

  private func deliver(_ draw: Draw, to id: RowID) {
    guard let row = rows[id], var request = row.take() else { return }
    statistics.drawnTokens += 1
    let bytes = tokenizer.decode(bytes: [draw.token], after: row.last)
    row.pending = [draw.token]
    row.last = draw.token
    request.text.tokens.append(draw.token)
    request.text.logProbabilities.append(draw.logProbability)
    if let stop = stop(&request, draw.token, bytes, row) {
      request.text.stop = stop
      request.continuation.resume(returning: request.text)
    } else {
      row.request = request
    }
  }

  private func stop(_ request: inout Request, _ token: Int32, _ bytes: [UInt8], _ row: Row) -> SamplingStop? {
    if token == tokenizer.endOfTurn { return .endOfTurn }
    if request.scanner.append(bytes) { return .stopString }
    if request.text.tokens.count >= request.maxTokens { return .tokenLimit }
    return row.length >= configuration.context ? .contextFull : nil
  }
}

/// The tokens of a prompt but the last, read once for all rows that begin with it.
private final class Prefix {
  let tokens: [Int32]
  let cache: DecoderCache
  var users = 0

  init(tokens: [Int32], cache: DecoderCache) {
    self.tokens = tokens
    self.cache = cache
  }

  var isRead: Bool { cache.length == tokens.count }
}

/// A request to write, and what it has drawn so far.
private struct Request {
  let continuation: CheckedContinuation<SampledText, any Error>
  let maxTokens: Int
  var scanner: StopScanner
  var text = SampledText()
}

/// One open row. Belongs to the engine.
private final class Row {
  let prefix: Prefix
  let temperature: Float
  let seed: UInt64
  /// The row's own keys and values, once its prefix has been read.
  private(set) lazy var cache: DecoderCache = prefix.cache.fork()
  private(set) var hasCache = false
  /// Tokens not read yet.
  var pending: [Int32]
  /// The token before the next drawn one.
  var last: Int32?
  var request: Request?

  init(prefix: Prefix, pending: [Int32], temperature: Float, seed: UInt64) {
    self.prefix = prefix
    self.pending = pending
    self.temperature = temperature
    self.seed = seed
  }

  /// Tokens read so far.
  var length: Int { hasCache ? cache.length : prefix.tokens.count }

  /// Reads up to `limit` of the pending tokens.
  func run(limit: Int) -> DecoderRun {
    hasCache = true
    let tokens = Array(pending.prefix(limit))
    pending.removeFirst(tokens.count)
    last = tokens.last
    return DecoderRun(
      cache: cache, tokens: tokens, draws: pending.isEmpty, temperature: temperature, seed: seed)
  }

  /// Takes the request out, so that nobody else answers it.
  func take() -> Request? {
    defer { request = nil }
    return request
  }
}

/// What one step does.
private struct Batch {
  enum Reader { case prefix, row(SamplingEngine.RowID) }

  private(set) var runs: [DecoderRun] = []
  private(set) var readers: [Reader] = []
  private var room: Int

  /// Rows that write come first: they need one token each. Then prompts, then rows with more to read, oldest first.
  init(rows: [SamplingEngine.RowID: Row], limit: Int) {
    room = limit
    let waiting = rows.filter { $0.value.request != nil }.sorted { $0.key < $1.key }
    let ready = waiting.filter { $0.value.prefix.isRead }
    for (id, row) in ready where row.pending.count == 1 { add(id, row) }
    var reading: Set<ObjectIdentifier> = []
    for (_, row) in waiting where !row.prefix.isRead && room > 0 {
      if reading.insert(ObjectIdentifier(row.prefix)).inserted { add(row.prefix) }
    }
    for (id, row) in ready where row.pending.count > 1 { add(id, row) }
  }

  private mutating func add(_ id: SamplingEngine.RowID, _ row: Row) {
    guard room > 0 else { return }
    append(row.run(limit: room), .row(id))
  }

  private mutating func add(_ prefix: Prefix) {
    let tokens = Array(prefix.tokens[prefix.cache.length...].prefix(room))
    append(DecoderRun(cache: prefix.cache, tokens: tokens, draws: false, temperature: 1, seed: 0), .prefix)
  }

  private mutating func append(_ run: DecoderRun, _ reader: Reader) {
    room -= run.tokens.count
    runs.append(run)
    readers.append(reader)
  }
}
