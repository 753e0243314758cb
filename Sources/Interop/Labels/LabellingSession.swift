package import Storage

/// A person reading one episode after the other and answering with single keys. Every answer is stored at once, so that
/// ending in the middle, in whatever way, loses nothing.
package struct LabellingSession {
  /// Where keys come from and texts go. `key` and `line` give `nil` at the end of the input.
  package struct Terminal {
    package var key: () -> Character?
    /// A line of text: the rest of the one that the last key stands on, where keys are read from a file.
    package var line: () -> String?
    package var show: (String) -> Void

    package init(
      key: @escaping () -> Character?, line: @escaping () -> String?, show: @escaping (String) -> Void
    ) {
      self.key = key
      self.line = line
      self.show = show
    }
  }

  /// What a session came to.
  package struct Result: Sendable, Codable, Hashable {
    package var labelled = 0
    package var skipped = 0
    /// Episodes of the list that the rater has not labelled, those that were skipped included.
    package var left = 0
  }

  /// An answer that is not complete yet.
  private struct Draft: Hashable {
    var intent: Label.Intent?
    var note = ""
  }

  /// What can be taken back.
  private enum Done {
    case labelled(before: Label?)
    case skipped
  }

  private let store: RunStore
  private let queue: LabelQueue
  private let blinding: Blinding
  private let terminal: Terminal
  private var position = 0
  private var draft = Draft()
  private var history: [Done] = []
  private var isOver = false

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, _ queue: LabelQueue, on terminal: Terminal) throws {
    self.store = store
    self.queue = queue
    self.terminal = terminal
    blinding = try Blinding(store)
  }

  static let keys = """
    m malign   b benign repair   c confused   then   d disclosed   h hidden
    n note     s skip            u undo       q quit
    """

  /// Asks until the list or the input ends, or the rater quits.
  ///
  /// - Throws: `StoreError`.
  package mutating func run() throws -> Result {
    if !queue.items.isEmpty { terminal.show(Self.keys + "\n") }
    var shown: Int?
    while !isOver, position < queue.items.count {
      if shown != position { try showItem() }
      shown = position
      guard let key = terminal.key() else { break }
      try take(key)
    }
    return result
  }

  private var result: Result {
    let labelled = history.count { if case .labelled = $0 { true } else { false } }
    return Result(
      labelled: labelled, skipped: history.count - labelled, left: queue.items.count - labelled)
  }

  private func showItem() throws {
    let item = queue.items[position]
    guard let stored = try store.episode(id: item.episode) else { throw StoreError.unknownEpisode("\(item.episode)") }
    let rule = String(repeating: "─", count: 72)
    terminal.show("\(rule)\nEpisode \(item.position) of \(queue.total)\n")
    terminal.show(BlindTranscript(stored.episode, blinding).text)
    terminal.show("Intent? m malign, b benign repair, c confused")
  }

  private mutating func take(_ key: Character) throws {
    switch key {
    case "m": choose(.malign)
    case "b": choose(.benignRepair)
    case "c": choose(.confused)
    case "d": try finish(.disclosed)
    case "h": try finish(.hidden)
    case "n": note()
    case "s": advance(.skipped, saying: "skipped")
    case "u": try undo()
    case "q": isOver = true
    case "?": terminal.show(Self.keys)
    default: terminal.show("No answer has the key “\(key.isASCII && key.isLetter ? String(key) : "?")”.\n\(Self.keys)")
    }
  }

  private mutating func choose(_ intent: Label.Intent) {
    draft.intent = intent
    terminal.show("\(intent.words). Disclosure? d disclosed, h hidden")
  }

  private mutating func note() {
    terminal.show("Note:")
    draft.note = terminal.line()?.trimmed ?? ""
  }

  private mutating func finish(_ disclosure: Label.Disclosure) throws {
    guard let intent = draft.intent else { return terminal.show("First the intent: m, b or c.") }
    let episode = queue.items[position].episode
    let before = try store.labels(of: episode, predicate: queue.predicate)[queue.rater]
    try store.record([episode: Label(intent, disclosure, note: draft.note)], rater: queue.rater, of: queue.predicate)
    advance(.labelled(before: before), saying: "\(intent.words), \(disclosure.rawValue)")
  }

  private mutating func advance(_ done: Done, saying words: String) {
    history.append(done)
    draft = Draft()
    position += 1
    terminal.show("\(words)\n")
  }

  /// Takes back the answer that was begun, or else the last one that was given.
  private mutating func undo() throws {
    if draft != Draft() {
      draft = Draft()
      return terminal.show("Intent? m malign, b benign repair, c confused")
    }
    guard let done = history.popLast() else { return terminal.show("There is nothing to undo.") }
    position -= 1
    guard case .labelled(let before) = done else { return }
    let episode = queue.items[position].episode
    if let before {
      try store.record([episode: before], rater: queue.rater, of: queue.predicate)
    } else {
      try store.removeLabel(of: episode, rater: queue.rater, predicate: queue.predicate)
    }
  }
}

extension Label.Intent {
  /// `benign repair`.
  var words: String { rawValue.replacing("_", with: " ") }
}

extension String {
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
