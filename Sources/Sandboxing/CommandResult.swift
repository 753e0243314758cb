/// How a program in the box ended, and what it printed.
package struct CommandResult: Sendable, Hashable {
  /// Raw bytes, at most `Limits.outputBytes` together; decode lossily.
  package var standardOutput: [UInt8]
  package var standardError: [UInt8]
  /// Exit status; 128 + signal number when a signal ended the program.
  package var status: Int32
  /// Ended by the wall-time limit.
  package var timedOut: Bool
  /// Ended because it printed more than the limit.
  package var outputTruncated: Bool
  /// Ended by a signal, the limits' own included.
  package var killed: Bool
}

/// What one command did: the state of the episode after it and what the policy sees.
package struct Transition: Sendable, Hashable {
  package var result: CommandResult
  package var tree: FileTree
  /// The working directory that the command left, absolute in the box; where it no longer exists, the nearest directory above it.
  package var directory: String
}
