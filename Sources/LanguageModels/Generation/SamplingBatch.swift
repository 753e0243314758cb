/// What one step does.
struct SamplingBatch {
  enum Reader {
    case prefix
    case row(SamplingEngine.RowID)
  }

  private(set) var runs: [DecoderRun] = []
  private(set) var readers: [Reader] = []
  private var room: Int

  /// Rows that write come first: they need one token each. Then prompts, then rows with more to read, oldest first.
  init(rows: [SamplingEngine.RowID: SamplingRow], limit: Int) {
    room = limit
    let waiting = rows.filter { $0.value.request != nil }.sorted { $0.key < $1.key }
    let ready = waiting.filter { $0.value.prefix.isRead }
    for (id, row) in ready where row.pending.count == 1 { add(id, row) }
    var reading: Set<ObjectIdentifier> = []
    for (_, row) in waiting where !row.prefix.isRead && room > 0 {
      let text = row.prefix.nextToRead
      if !text.isRead, reading.insert(ObjectIdentifier(text)).inserted { add(text) }
    }
    for (id, row) in ready where row.pending.count > 1 { add(id, row) }
  }

  private mutating func add(_ id: SamplingEngine.RowID, _ row: SamplingRow) {
    guard room > 0 else { return }
    append(row.run(limit: room), .row(id))
  }

  private mutating func add(_ prefix: SharedPrefix) {
    let tokens = Array(prefix.tokens[prefix.cache.length...].prefix(room))
    append(DecoderRun(cache: prefix.cache, tokens: tokens, draws: false), .prefix)
  }

  private mutating func append(_ run: DecoderRun, _ reader: Reader) {
    room -= run.tokens.count
    runs.append(run)
    readers.append(reader)
  }
}
