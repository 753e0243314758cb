import Episodes

/// A transcript as messages, for formats in which commands and their output are not part of an answer's text.
struct Dialogue: Sendable, Hashable {
  /// A stretch of the policy's answer: what it wrote in one go, and the output that followed.
  struct Answer: Sendable, Hashable {
    /// The place of the stretch among the transcript's segments.
    var segment: Int
    /// Whether the experimenter wrote it.
    var isSteered: Bool
    /// The text as it was written, with its tags.
    var text: String
    var blocks: [Block]
    /// What the environment put back, with its tags; `nil` if nothing.
    var output: String?

    /// The commands, in order.
    var commands: [String] {
      blocks.compactMap { if case .command(let text) = $0 { text } else { nil } }
    }
    /// The hidden chain of thought; `nil` without any.
    var reasoning: String? {
      let thoughts = blocks.compactMap { if case .thought(let text) = $0 { text } else { nil } }
      return thoughts.isEmpty ? nil : thoughts.joined(separator: "\n")
    }
    /// What stands outside chains of thought and commands. Output that the policy made up keeps its tags.
    var visible: String {
      blocks.compactMap { block in
        switch block {
        case .thought, .command: nil
        case .message, .output, .errorOutput: block.markup
        }
      }.joined()
    }
    /// Whether the environment answered, but no command was open: the policy closed one that it had not opened.
    var isMalformedCommand: Bool {
      guard output != nil else { return false }
      if case .command = blocks.last { return false }
      return true
    }
  }

  enum Entry: Sendable, Hashable {
    case answer(Answer)
    /// A further message of the user, up to the opening of the next answer.
    case request(String)
  }

  /// The prompt; empty if the episode failed before it began.
  let prompt: PromptMessages
  private(set) var entries: [Entry] = []

  init(_ transcript: Transcript) {
    let segments = transcript.segments
    let hasPrompt = segments.first?.source == .prompt
    prompt = PromptMessages(hasPrompt ? segments[0].text : "")
    var open: ProtocolTag? = transcript.startsInsideThought ? .thought : nil
    for (index, segment) in segments.enumerated().dropFirst(hasPrompt ? 1 : 0) {
      switch segment.source {
      case .policy, .steered:
        let blocks: [Block]
        (blocks, open) = Self.parse(segment.text, after: open)
        entries.append(
          .answer(Answer(segment: index, isSteered: segment.source == .steered, text: segment.text, blocks: blocks)))
      case .tool: append(output: segment.text)
      case .user, .prompt:
        entries.append(.request(segment.text))
        open = segment.text.hasSuffix(ProtocolTag.thought.opening) ? .thought : nil
      }
    }
  }

  var answers: [Answer] { entries.compactMap { if case .answer(let answer) = $0 { answer } else { nil } } }

  private mutating func append(output: String) {
    guard case .answer(var answer) = entries.last else { return entries.append(.request(output)) }
    answer.output = (answer.output ?? "") + output
    entries[entries.count - 1] = .answer(answer)
  }

  /// Cuts a stretch into blocks.
  ///
  /// - Parameter open: the tag that the stretch before it left open.
  /// - Returns: the blocks, and the tag that this stretch leaves open.
  private static func parse(_ text: String, after open: ProtocolTag?) -> ([Block], ProtocolTag?) {
    let whole = (open?.opening ?? "") + text
    var blocks = Block.parse(whole, insideThought: false)
    // The last block was closed by the parser, and not by the text, if the tags of all blocks add up to more.
    let isOpen = blocks.reduce(0) { $0 + $1.markup.utf8.count } > whole.utf8.count
    let last = isOpen ? blocks.last?.tag : nil
    if open != nil, blocks.first.map({ $0.isEmpty }) == true { blocks.removeFirst() }
    return (blocks, last)
  }
}

extension Block {
  fileprivate var tag: ProtocolTag? {
    switch self {
    case .thought: .thought
    case .command: .command
    case .output: .output
    case .errorOutput: .errorOutput
    case .message: nil
    }
  }

  fileprivate var isEmpty: Bool {
    switch self {
    case .thought(let text), .command(let text), .output(let text), .errorOutput(let text), .message(let text):
      text.isEmpty
    }
  }
}
