internal import Episodes

/// What a server answered to one request.
struct RemoteAnswer: Sendable, Hashable {
  /// Why the model stopped.
  enum Finish: Sendable, Hashable {
    case endOfTurn
    /// It ended its turn, or a stop string ended it: the server does not say which.
    case stopped
    /// This stop string ended it; it is not in the text.
    case stopString(String)
    case length
    /// The server kept the answer back; its word for why.
    case withheld(String)
  }

  var text: String
  /// Hidden reasoning that the server gives in a field of its own.
  var reasoning = ""
  var finish: Finish
  var usage: TokenUsage?

  /// The text up to the first stop string, and how it ended.
  ///
  /// - Parameters:
  ///   - before: what the model has written in the same turn; a command that it opened there may end here.
  ///   - stopsWereSent: the server was asked to stop. One that does not say which stop it met leaves an open tag.
  func cut(after before: String, stops: [String], stopsWereSent: Bool) -> (text: String, stop: GenerationStop) {
    if let end = stops.compactMap({ text.firstRange(of: $0)?.upperBound }).min() {
      return (String(text[..<end]), .stopString)
    }
    switch finish {
    case .length: return (text, .tokenLimit)
    case .stopString(let stop) where stops.contains(stop): return (text + stop, .stopString)
    case .stopped where stopsWereSent:
      let command = ProtocolTag.command
      guard stops.contains(command.closing), (before + text).leavesOpen(command) else { return (text, .endOfTurn) }
      return (text + command.closing, .stopString)
    default: return (text, .endOfTurn)
    }
  }
}

extension String {
  /// Whether the last opening of a tag has no closing behind it.
  fileprivate func leavesOpen(_ tag: ProtocolTag) -> Bool {
    guard let opening = ranges(of: tag.opening).last else { return false }
    return !self[opening.upperBound...].contains(tag.closing)
  }
}
