/// Runs commands and Python programs on file trees, walled off from the host and from one another.
///
/// A command is a function from (file tree, working directory, text) to a `Transition`: each gets a fresh box that holds
/// just those files, and everything it started is dead before the transition is returned. The state of an episode is
/// therefore a value, and exact results can be remembered.
package final class Sandbox: Sendable {
  package let configuration: Configuration

  /// Starts the workers.
  ///
  /// - Throws: `SandboxError.unavailable` with the reason and the remedy when the walls cannot be put up. There is no
  ///   fall-back to the bare host.
  package init(configuration: Configuration = Configuration()) async throws {
    self.configuration = configuration
  }

  /// Runs `bash -c command` on the files of `tree` in `directory` (absolute in the box), at most once.
  ///
  /// - Throws: `SandboxError` when the sandbox itself fails. A command that fails, is killed or times out is no error.
  package func run(_ command: String, in tree: FileTree, directory: String = "/") async throws -> Transition {
    throw SandboxError.closed
  }

  /// Runs a Python program as `python3 -c program arguments...` would, on a snapshot that is thrown away afterwards.
  ///
  /// `directory` stands first in `sys.path`, so a program can import the files beside it. What it prints is data: the
  /// files it imports may say anything.
  package func runPython(
    _ program: String, in tree: FileTree, directory: String = "/", arguments: [String] = []
  ) async throws -> CommandResult {
    throw SandboxError.closed
  }

  /// What was run, remembered and re-checked so far.
  package var statistics: Statistics { get async { Statistics() } }

  /// Ends the workers and everything in them. Commands in flight fail.
  package func close() async {}
}

extension Sandbox {
  /// How many workers there are, what they may use, and what is remembered.
  package struct Configuration: Sendable, Hashable {
    /// Boxes that run at once. The default is one a core.
    package var workers: Int?
    package var limits: Limits
    /// Whether results of repeatable commands and Python programs are remembered. The default is `true`.
    package var remembersResults: Bool

    package init(workers: Int? = nil, limits: Limits = Limits(), remembersResults: Bool = true) {
      self.workers = workers
      self.limits = limits
      self.remembersResults = remembersResults
    }
  }

  /// What one command may use.
  package struct Limits: Sendable, Hashable {
    /// Wall time of a command. The default is 5 s.
    package var wallSeconds: Double
    /// Standard output and standard error together. The default is 64 KiB.
    package var outputBytes: Int
    /// All files of the box together. The default is 16 MiB.
    package var treeBytes: Int
    /// Files and directories of the box. The default is 4096.
    package var treeEntries: Int
    /// The largest file that can be written. The default is 8 MiB.
    package var fileBytes: Int
    /// Processes at once. The default is 24.
    package var processes: Int
    /// Address space of each process. The default is 192 MiB.
    package var memoryBytes: Int

    package init(
      wallSeconds: Double = 5, outputBytes: Int = 64 << 10, treeBytes: Int = 16 << 20, treeEntries: Int = 4096,
      fileBytes: Int = 8 << 20, processes: Int = 24, memoryBytes: Int = 192 << 20
    ) {
      self.wallSeconds = wallSeconds
      self.outputBytes = outputBytes
      self.treeBytes = treeBytes
      self.treeEntries = treeEntries
      self.fileBytes = fileBytes
      self.processes = processes
      self.memoryBytes = memoryBytes
    }
  }

  /// Counts since the sandbox was made.
  package struct Statistics: Sendable, Hashable {
    package var commandsRun = 0
    package var commandsRemembered = 0
    package var programsRun = 0
    package var programsRemembered = 0
    /// Remembered results that were run again, and how many of those differed (expected: none).
    package var rechecked = 0
    package var mismatches = 0
  }
}
