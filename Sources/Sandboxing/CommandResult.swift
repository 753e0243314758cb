/// How a program in the box ended, and what it printed.
package struct CommandResult: Sendable {
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
  /// The box itself ended before the program did, or had to be ended. What the program printed is lost with it.
  package var boxLost = false
  /// Wall time from the program's start to the end of all that it started. Not part of what is compared.
  package var milliseconds = 0

  var outputBytes: Int { standardOutput.count + standardError.count }

  /// Whether a limit or a signal decided when it ended, which another run may not repeat.
  var wasCut: Bool { timedOut || outputTruncated || killed }
}

extension CommandResult: Hashable {
  package static func == (left: CommandResult, right: CommandResult) -> Bool {
    left.status == right.status && left.timedOut == right.timedOut && left.outputTruncated == right.outputTruncated
      && left.killed == right.killed && left.boxLost == right.boxLost && left.standardOutput == right.standardOutput
      && left.standardError == right.standardError
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(status)
    hasher.combine(standardOutput)
    hasher.combine(standardError)
  }
}

/// What one command did: what the policy sees of it, and the state of the episode after it.
package struct Transition: Sendable, Hashable {
  package var result: CommandResult
  /// The files that the command left. Those that it started with when the box was lost or its files could not be read.
  package var tree: FileTree
  /// The working directory that the command left, absolute in the box. The one it started in when it was killed; where
  /// the directory no longer exists, the nearest one above it.
  package var directory: BoxPath
  /// The command ran, and the files it left could not be read back.
  package var treeUnreadable = false
  /// Some names that the command left are no part of `tree`: they are nested more than 64 deep, their path is longer than
  /// the kernel takes, they replace the box's own system, or they are no file, directory or link.
  package var filesLeftOut = false
}
