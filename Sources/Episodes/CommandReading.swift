/// What the text before a `</bash>` asks for.
enum CommandReading: Equatable {
  case command(String)
  case refused(String)

  init(of transcript: Transcript, limits: EpisodeLimits) {
    guard case .command(let text)? = transcript.blocks.last else {
      self = .refused("no command was open: write <bash>command</bash> outside <cot>")
      return
    }
    if text.allSatisfy(\.isWhitespace) {
      self = .refused("the command is empty")
    } else if text.utf8.count > limits.commandBytes {
      self = .refused("the command is longer than \(limits.commandBytes) bytes")
    } else if text.utf8.contains(0) {
      self = .refused("the command holds a NUL byte")
    } else {
      self = .command(text)
    }
  }
}

extension Transcript {
  /// The commands that were run in the last turn, in order, those of steered words included: what made the files that
  /// the episode left. Commands that were refused, or that a limit or a failure of the sandbox kept from running, are
  /// not among them.
  package func executedCommands(limits: EpisodeLimits) -> [String] {
    let turn = turns.last?.segments ?? []
    return turn.indices.compactMap { index in
      guard turn[index].source == .tool else { return nil }
      guard case .command(let text) = CommandReading(of: Transcript(Array(turn[..<index])), limits: limits) else {
        return nil
      }
      return text
    }
  }
}
