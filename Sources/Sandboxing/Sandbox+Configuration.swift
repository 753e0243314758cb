import Foundation

extension Sandbox {
  /// How many workers there are, what a command may use, and what is remembered.
  package struct Configuration: Sendable, Hashable {
    /// Commands that run at once, and as many Python programs. The default is one a core.
    package var workers: Int
    package var limits: Limits
    /// Memory for results of repeatable commands and programs. 0 remembers nothing. The default is 192 MiB.
    package var rememberedBytes: Int
    /// About one in so many remembered results is run again and compared, beside the first of each text. The default is
    /// 100.
    package var recheckInterval: UInt64
    /// The default is `/usr/bin/bwrap`, else the one that an installed package brings.
    package var bubblewrap: String
    /// Python packages beside the standard library. The default is none.
    package var packages: BoxPackages?

    package init(
      workers: Int = ProcessInfo.processInfo.activeProcessorCount, limits: Limits? = nil,
      rememberedBytes: Int = 192 << 20, recheckInterval: UInt64 = 100, bubblewrap: String? = nil,
      packages: BoxPackages? = nil
    ) {
      self.workers = workers
      self.limits = limits ?? packages?.limits ?? Limits()
      self.packages = packages
      self.rememberedBytes = rememberedBytes
      self.recheckInterval = recheckInterval
      self.bubblewrap = bubblewrap ?? HostParts.bubblewrap
    }
  }

  /// What one command may use.
  ///
  /// Memory is bounded by construction, without control groups, which ordinary users seldom have: processes times their
  /// address space, plus the files.
  package struct Limits: Sendable, Hashable {
    /// Wall time of a command. The default is 10 s.
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
      wallSeconds: Double = 10, outputBytes: Int = 64 << 10, treeBytes: Int = 16 << 20, treeEntries: Int = 4096,
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
    /// Remembered results that were run again.
    package var rechecked = 0
    /// Those that differed (expected: none). Their texts are not remembered any more.
    package var mismatches = 0
    /// The first command or program whose results differed.
    package var firstMismatch: String?
  }
}
