/// How a program in the box ended, and what it printed.
package struct CommandResult: Sendable, Hashable {
  /// Raw bytes, at most `Limits.outputBytes` together with `standardError`; decode lossily.
  package var standardOutput: [UInt8]
  package var standardError: [UInt8]
  /// Exit status; 128 + signal number when a signal ended the program.
  package var status: Int32
  /// Ended by the wall-time limit.
  package var timedOut: Bool
  /// Ended because it printed more than the limit.
  package var outputTruncated: Bool
  /// Ended by a signal, those of the limits included.
  package var killed: Bool

  var outputBytes: Int { standardOutput.count + standardError.count }

  /// Whether a limit or a signal decided when it ended, which another run may not repeat.
  var wasCut: Bool { timedOut || outputTruncated || killed }
}

/// What one command did: what the policy sees of it, and the state of the episode after it.
package struct Transition: Sendable, Hashable {
  package var result: CommandResult
  package var tree: FileTree
  /// The working directory that the command left, absolute in the box. The one it started in when it was killed; where
  /// the directory no longer exists, the nearest one above it.
  package var directory: String
}
