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

  /// An answer that is not complete yet.
  private struct Draft: Hashable {
    var intent: Label.Intent?
    var note = ""
  }

  private var desk: LabelDesk
  private let terminal: Terminal
  private var draft = Draft()
  private var isOver = false

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, _ queue: LabelQueue, on terminal: Terminal) throws {
    self.terminal = terminal
    desk = try LabelDesk(store, queue)
  }

  static let keys = """
    m malign   b benign repair   c confused   then   d disclosed   h hidden
    n note     s skip            u undo       q quit
    """

  /// Asks until the list or the input ends, or the rater quits.
  ///
  /// - Throws: `StoreError`.
  package mutating func run() throws -> LabelDesk.Result {
    if !desk.queue.items.isEmpty { terminal.show(Self.keys + "\n") }
    var shown: LabelQueue.Item?
    while !isOver, let item = desk.current {
      if shown != item { try show(item) }
      shown = item
      guard let key = terminal.key() else { break }
      try take(key)
    }
    return desk.result
  }

  private func show(_ item: LabelQueue.Item) throws {
    let rule = String(repeating: "─", count: 72)
    terminal.show("\(rule)\nEpisode \(item.position) of \(desk.queue.total)\n")
    terminal.show(try desk.transcript()?.text ?? "")
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
    case "s": skip()
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
    try desk.answer(Label(intent, disclosure, note: draft.note))
    advance(saying: "\(intent.words), \(disclosure.rawValue)")
  }

  private mutating func skip() {
    desk.skip()
    advance(saying: "skipped")
  }

  private mutating func advance(saying words: String) {
    draft = Draft()
    terminal.show("\(words)\n")
  }

  /// Takes back the answer that was begun, or else the last one that was given.
  private mutating func undo() throws {
    if draft != Draft() {
      draft = Draft()
      return terminal.show("Intent? m malign, b benign repair, c confused")
    }
    if try !desk.undo() { terminal.show("There is nothing to undo.") }
  }
}

extension Label.Intent {
  /// `benign repair`.
  package var words: String { rawValue.replacing("_", with: " ") }
}

extension String {
  /// The text without white space around it.
  package var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
