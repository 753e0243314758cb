package import Tokenization

/// Samples many texts at once from one model.
///
/// Requests come from concurrent tasks. Every step of the engine takes whatever can run: one token of each row that is
/// writing, and pieces of the prompts and tool outputs that others have yet to read. A row that waits for its tool takes
/// no part, and keeps its place. When all places are taken, `open` waits, and the first in the queue moves in when a row
/// is closed. What rows have in common before their first drawn token is read once, and its keys and values are shared
/// (`PrefixTree`).
///
/// **A row's tokens and log-probabilities depend on the weights, its text and its seed alone**, bit for bit: not on other
/// rows, on how reading was cut into steps, or on the number of threads.
package actor SamplingEngine {
  /// How much an engine does at once, which changes no result; and its precision, which does.
  package struct Options: Sendable, Hashable {
    /// Rows that may be open; more wait. Bounds the memory of keys and values.
    package var rows: Int
    /// Tokens of one step.
    package var tokensPerStep: Int
    /// Threads of one step; 0 is one for each core.
    package var threads: Int
    /// Bytes of keys and values above which texts that no open row uses are forgotten; 0 keeps none of them, `nil` is half of
    /// the weights' bytes and at least 64 MB.
    package var cacheBytes: Int?
    package var precision: SamplingPrecision

    package init(
      rows: Int = 256, tokensPerStep: Int = 768, threads: Int = 0, cacheBytes: Int? = nil,
      precision: SamplingPrecision = .exact
    ) {
      self.rows = rows
      self.tokensPerStep = tokensPerStep
      self.threads = threads
      self.cacheBytes = cacheBytes
      self.precision = precision
    }
  }

  /// Names an open row.
  package struct RowID: Sendable, Hashable, Comparable {
    let value: Int
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  }

  /// What the engine has done so far.
  package struct Statistics: Sendable {
    package var steps = 0
    package var drawnTokens = 0
    package var readTokens = 0
    /// Tokens of the prompts of all opened rows, however many of them had been read before.
    package var promptTokens = 0
    /// Rows that were opened, and the most that were open at once.
    package var openedRows = 0
    package var mostRows = 0
    /// For how long it computed.
    package var computing = Duration.zero
  }

  /// The longest sequence in tokens.
  package nonisolated let context: Int
  package nonisolated let tokenizer: any Tokenizer
  package private(set) var statistics = Statistics()
  /// Bytes of all keys and values.
  package var cacheBytes: Int { decoder.cacheBytes }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private nonisolated let thread = OwnThread("sampling")
  private let decoder: any RowDecoder
  private let options: Options
  private let mostCacheBytes: Int
  private var rows: [RowID: SamplingRow] = [:]
  private let texts = PrefixTree()
  private var queue: [(ticket: RowID, admitted: CheckedContinuation<Void, any Error>)] = []
  private var takenPlaces = 0
  private var tickets = 0
  private var isStepping = false

  /// An engine over a copy of the checkpoint's weights.
  package init(_ checkpoint: ModelCheckpoint, options: Options = Options()) throws {
    context = checkpoint.architecture.context
    tokenizer = checkpoint.tokenizer
    self.options = options
    let decoder = try Decoder(checkpoint, threads: options.threads, precision: options.precision)
    mostCacheBytes = options.cacheBytes ?? max(64 << 20, decoder.weightBytes / 2)
    self.decoder = decoder
  }

  /// An engine whose rows are advanced by any decoder.
  init(decoder: sending any RowDecoder, context: Int, tokenizer: any Tokenizer, options: Options = Options()) {
    self.context = context
    self.tokenizer = tokenizer
    self.options = options
    mostCacheBytes = options.cacheBytes ?? 64 << 20
    self.decoder = decoder
  }

  /// Opens a row behind `prompt` (at least one token); waits while all places are taken.
  ///
  /// - Parameters:
  ///   - seed: names the row's random numbers: the draw at a position is a function of the two.
  ///   - sampling: which distribution the row draws from; the model's own unless told otherwise.
  /// - Throws: `CancellationError`; a `ModelError` when the prompt is empty or longer than the context, or when
  ///   `sampling` cannot be.
  package func open(
    prompt: [Int32], seed: UInt64, sampling: SamplingOptions = SamplingOptions()
  ) async throws -> RowID {
    try sampling.validate()
    guard let last = prompt.last else { throw ModelError("A prompt needs at least one token.") }
    guard prompt.count < context else {
      throw ModelError("The prompt has \(prompt.count) tokens; the model's context is \(context).")
    }
    tickets += 1
    let id = RowID(value: tickets)
    try await takePlace(id)
    if Task.isCancelled {
      leavePlace()
      throw CancellationError()
    }
    let prefix = texts.take(prompt.dropLast()) { decoder.emptyCache() }
    rows[id] = SamplingRow(prefix: prefix, pending: [last], sampling: sampling, seed: seed)
    statistics.promptTokens += prompt.count
    statistics.openedRows += 1
    statistics.mostRows = max(statistics.mostRows, rows.count)
    return id
  }

  /// Lets the row read `injected`, then draws until a stop string, the end of the turn or `maxTokens`.
  ///
  /// - Parameters:
  ///   - replacement: what the row reads in place of the last token that it drew, which it has not read yet; `nil`: that
  ///     token.
  ///   - text: what the row has written before, in which a stop string may have begun.
  /// - Throws: `CancellationError`, which also closes the row, whenever the task is cancelled; a `ModelError` when the row is
  ///   not open or is already writing, or when the weights give numbers that are not finite.
  package func generate(
    _ id: RowID, replacingLast replacement: [Int32]? = nil, injecting injected: [Int32] = [], stops: [String] = [],
    after text: [UInt8] = [], maxTokens: Int
  ) async throws -> SampledText {
    // A cancelled task's row may be closed already, which is no mistake of its owner.
    if Task.isCancelled {
      close(id)
      throw CancellationError()
    }
    guard let row = rows[id], row.request == nil else {
      throw ModelError("The row is not open, or is already writing.")
    }
    if let replacement { try row.replaceDrawn(by: replacement) }
    row.pending += injected
    if maxTokens <= 0 { return SampledText(stop: .tokenLimit) }
    if row.length + row.pending.count > context { return SampledText(stop: .contextFull) }
    if !row.hasCache, row.pending.count > 1 { shareBeginning(of: row) }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        row.request = SamplingRequest(
          continuation: continuation, maxTokens: maxTokens, scanner: StopScanner(stops, after: text))
        step()
      }
    } onCancel: {
      Task { await self.cancel(id) }
    }
  }

  /// Opens a second row with the text of this one, which must not be writing; both go on independently.
  ///
  /// A fork takes no place and never waits, so that whoever holds rows cannot wait for itself: places bound the rows
  /// that `open` lets in.
  ///
  /// - Parameter seed: names the new row's random numbers from here on.
  /// - Throws: `CancellationError`; a `ModelError` when the row is not open or is writing.
  package func fork(_ id: RowID, seed: UInt64) throws -> RowID {
    try Task.checkCancellation()
    guard let row = rows[id], row.request == nil else {
      throw ModelError("The row is not open, or is writing: it cannot be cloned.")
    }
    tickets += 1
    let copy = RowID(value: tickets)
    takenPlaces += 1
    row.prefix.users += 1
    rows[copy] = SamplingRow(forking: row, seed: seed)
    statistics.mostRows = max(statistics.mostRows, rows.count)
    return copy
  }

  /// Frees the row and lets the next one in. Safe to call twice.
  package func close(_ id: RowID) {
    guard let row = rows.removeValue(forKey: id) else { return }
    row.request?.continuation.resume(throwing: CancellationError())
    if row.hasCache { texts.keep(row.cache) }
    texts.release(row.prefix)
    forgetTexts()
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

  /// Hands the place to the first in the queue, if anybody waits and forks leave room.
  private func leavePlace() {
    if queue.isEmpty || takenPlaces > options.rows { takenPlaces -= 1 } else { queue.removeFirst().admitted.resume() }
  }

  /// Ends whatever the row waits for: a place, or its text.
  private func cancel(_ id: RowID) {
    if let index = queue.firstIndex(where: { $0.ticket == id }) {
      queue.remove(at: index).admitted.resume(throwing: CancellationError())
    }
    close(id)
  }

  /// What a row is given before its first token is as much its prompt as the prompt: the samples of a task whose files are shown
  /// first read them once.
  private func shareBeginning(of row: SamplingRow) {
    let text = texts.take(row.prefix.tokens + row.pending.dropLast(), after: row.prefix) { decoder.emptyCache() }
    texts.release(row.prefix)
    row.prefix = text
    row.pending = row.pending.suffix(1)
  }

  private func forgetTexts() {
    texts.forget { mostCacheBytes > 0 && decoder.cacheBytes <= mostCacheBytes }
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
    let batch = SamplingBatch(rows: rows, limit: options.tokensPerStep)
    if batch.runs.isEmpty { return false }
    forgetTexts()
    statistics.steps += 1
    statistics.readTokens += batch.runs.reduce(0) { $0 + $1.tokens.count }
    let start = ContinuousClock.now
    defer { statistics.computing += ContinuousClock.now - start }
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
    guard draw.token >= 0 else { return request.continuation.resume(throwing: DecoderError.notFinite) }
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

  private func stop(_ request: inout SamplingRequest, _ token: Int32, _ bytes: [UInt8], _ row: SamplingRow)
    -> SamplingStop?
  {
    if tokenizer.endsTurn(token) { return .endOfTurn }
    if let surplus = request.scanner.append(bytes) {
      request.text.surplus = surplus
      return .stopString
    }
    if request.text.tokens.count >= request.maxTokens { return .tokenLimit }
    return row.length >= context ? .contextFull : nil
  }
}
