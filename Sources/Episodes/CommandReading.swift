/// The command that the text before a `</bash>` asks for.
enum CommandReading: Equatable {
  case command(String)
  case refused(CommandRefusal)

  init(of transcript: Transcript, limits: EpisodeLimits) {
    switch transcript.blocks.last {
    case .command(let text)?:
      if text.allSatisfy(\.isWhitespace) {
        self = .refused(.empty)
      } else if text.utf8.count > limits.commandBytes {
        self = .refused(.tooLong)
      } else if text.utf8.contains(0) {
        self = .refused(.holdsNUL)
      } else {
        self = .command(text)
      }
    case .thought(let text)? where text.contains(ProtocolTag.command.opening):
      self = .refused(.insideThought)
    default:
      self = .refused(.neverOpened)
    }
  }
}

/// Why a command that a policy closed was refused; the raw value is the name in tables.
package enum CommandRefusal: String, Sendable, Hashable, CaseIterable {
  case insideThought = "inside <cot>"
  case neverOpened = "never opened"
  case empty
  case tooLong = "too long"
  case holdsNUL = "holds NUL"

  /// Returns the message that the policy reads on its error stream. The message spells out no tag: inside an open chain
  /// of thought, a `</cot>` would end it.
  func message(_ limits: EpisodeLimits) -> String {
    switch self {
    case .insideThought: "no command runs inside your thoughts: close the cot tag, then write the command again"
    case .neverOpened: "no command was open: write it between bash tags, outside your thoughts"
    case .empty: "the command is empty"
    case .tooLong: "the command is longer than \(limits.commandBytes) bytes"
    case .holdsNUL: "the command holds a NUL byte"
    }
  }
}

extension Transcript {
  /// Returns the commands that ran in the last turn, in order, including those of steered words. These commands made
  /// the files that the episode left. The list omits refused commands, and commands that a limit or a sandbox failure
  /// prevented.
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
