import Synchronization

/// Runs commands and Python programs on file trees, walled off from the host and from one another.
///
/// A command is a function from (file tree, working directory, text) to a `Transition`: each gets a fresh box that holds
/// just those files, and everything it started is dead before the transition is returned. The state of an episode is
/// therefore a value, and exact results are remembered.
///
/// Two walls: bubblewrap around each worker process protects the host; inside it, a small server (`Resources/Server`)
/// makes one box of new namespaces per command. Works as root and as an ordinary user, who must be allowed to make user
/// namespaces. Workers are started here by posix_spawn; commands never fork this process.
package final class Sandbox: SandboxBackend {
  package let configuration: Configuration
  private let commands: WorkerPool
  private let programs: WorkerPool
  private let transitions: ResultCache<Transition>
  private let results: ResultCache<CommandResult>
  private let reruns = RerunRecord()
  private let counts = Mutex(Statistics())

  /// Makes the minimal system if this machine has none yet (some seconds, once) and starts the workers.
  ///
  /// - Throws: `SandboxError.unavailable` with the reason and the remedy when the walls cannot be put up. There is no
  ///   fall-back to the bare host.
  package init(configuration: Configuration = Configuration()) async throws {
    self.configuration = configuration
    let system = try BoxRoot.prepare()
    let root = try configuration.packages?.system(from: system) ?? system
    let bubblewrap = try BoxRoot.reachable(configuration.bubblewrap)
    let pool = { WorkerPool(BubblewrapCommand(bubblewrap: bubblewrap, root: root, kind: $0)) }
    commands = pool(.command)
    programs = pool(.python)
    transitions = ResultCache(byteLimit: configuration.rememberedBytes)
    results = ResultCache(byteLimit: configuration.rememberedBytes / 4)
    try await commands.start(workers: configuration.workers)
    do { try await programs.start(workers: configuration.workers) } catch {
      await commands.close()
      throw error
    }
  }

  package func run(_ command: String, in tree: FileTree, directory: BoxPath = .root) async throws -> Transition {
    try check(command, directory, tree)
    guard configuration.rememberedBytes > 0, !reruns.isRefuted(command),
      Repeatability.isRepeatable(command: command, tree: tree, directory: directory)
    else {
      counts.withLock { $0.commandsRun += 1 }
      return try await computeTransition(command, tree, directory).value
    }
    let key = ContentHash(of: [tree.digest.bytes, directory.bytes, Array(command.utf8)])
    let (transition, origin) = try await transitions.value(
      for: key, recheckInterval: recheckInterval(command)
    ) { [self] in try await computeTransition(command, tree, directory) }
    note(origin, of: command, run: \.commandsRun, remembered: \.commandsRemembered)
    return transition
  }

  package func runPython(
    _ program: String, in tree: FileTree, directory: BoxPath = .root, arguments: [String] = []
  ) async throws -> CommandResult {
    let texts = [program] + arguments
    for text in texts { try check(text, directory, tree) }
    guard configuration.rememberedBytes > 0, !reruns.isRefuted(program),
      Repeatability.isRepeatable(program: program, tree: tree)
    else {
      counts.withLock { $0.programsRun += 1 }
      return try await computeResult(texts, tree, directory).value
    }
    let key = ContentHash(of: [tree.digest.bytes, directory.bytes] + texts.map { Array($0.utf8) })
    let (result, origin) = try await results.value(
      for: key, recheckInterval: recheckInterval(program)
    ) { [self] in try await computeResult(texts, tree, directory) }
    note(origin, of: program, run: \.programsRun, remembered: \.programsRemembered)
    return result
  }

  /// What was run, remembered and re-checked so far.
  package var statistics: Statistics { counts.withLock { $0 } }

  /// The outermost process of each worker.
  package var processes: [Int32] { commands.processes + programs.processes }

  /// Ends the workers and everything in them, and waits for that. Commands in flight fail.
  package func close() async {
    await commands.close()
    await programs.close()
  }

  /// Longest command, program or argument: the kernel's limit for one argument.
  package static let longestCommandBytes = 131_071

  private func recheckInterval(_ text: String) -> UInt64 { reruns.isProven(text) ? configuration.recheckInterval : 1 }

  private func note<Value>(
    _ origin: ResultCache<Value>.Origin, of text: String, run: WritableKeyPath<Statistics, Int>,
    remembered: WritableKeyPath<Statistics, Int>
  ) {
    if case .rechecked(let same) = origin { reruns.note(text, same: same) }
    counts.withLock { $0.note(origin, of: text, run: run, remembered: remembered) }
  }

  private func check(_ command: String, _ directory: BoxPath, _ tree: FileTree) throws {
    guard !command.utf8.contains(0), command.utf8.count <= Self.longestCommandBytes else {
      throw SandboxError.invalidCommand("it has a zero byte or more than \(Self.longestCommandBytes) bytes")
    }
    guard directory.isValid else {
      throw SandboxError.invalidCommand("its working directory “\(directory)” is not an absolute path")
    }
    // A box that is full of data and of the longest paths is a little above twice its data.
    guard tree.encoded.count <= 3 * configuration.limits.treeBytes else { throw treeTooLarge }
  }

  private var treeTooLarge: SandboxError {
    let limits = configuration.limits
    return .invalidTree("they need more than \(limits.treeBytes) bytes or \(limits.treeEntries) files and directories")
  }

  /// Runs a command whether or not its result is remembered.
  func computeTransition(
    _ command: String, _ tree: FileTree, _ directory: BoxPath
  ) async throws -> ResultCache<Transition>.Computed {
    let response = try await ask(.command, ["bash", "-c", command], tree, directory, on: commands, wantsTree: true)
    let isKept = response.flags.isDisjoint(with: [.boxLost, .treeUnreadable])
    let after = !isKept || response.tree == tree ? tree : response.tree
    let transition = Transition(
      result: response.result, tree: after, directory: isKept ? response.directory : directory,
      treeUnreadable: response.flags.contains(.treeUnreadable), filesLeftOut: response.flags.contains(.leftOut))
    let bytes =
      transition.result.outputBytes + command.utf8.count + (after == tree ? 200 : 400 + 3 * after.encoded.count)
    return .init(value: transition, rememberedBytes: transition.result.wasCut || !isKept ? nil : bytes)
  }

  /// Runs a program and its arguments whether or not their result is remembered.
  func computeResult(
    _ texts: [String], _ tree: FileTree, _ directory: BoxPath
  ) async throws -> ResultCache<CommandResult>.Computed {
    let response =
      if shadowsLoadedModule(tree) {
        try await ask(
          .command, ["python3", "-s", "-S", "-B", "-c"] + texts, tree, directory, on: commands, wantsTree: false)
      } else {
        try await ask(.python, texts, tree, directory, on: programs, wantsTree: false)
      }
    let bytes = 200 + response.result.outputBytes
    return .init(value: response.result, rememberedBytes: response.result.wasCut ? nil : bytes)
  }

  /// Whether the fast start would pass over a file that `import` must find. The slow start has no modules loaded.
  private func shadowsLoadedModule(_ tree: FileTree) -> Bool {
    let modules = programs.loadedModules
    return tree.entries.keys.contains { path in
      path.components.contains { name in
        let stem = String(name.prefix { $0 != "." })
        let rest = name.dropFirst(stem.count)
        return modules.contains(stem) && (rest.isEmpty || rest.hasPrefix(".py") || rest.contains(".so"))
      }
    }
  }

  private func ask(
    _ kind: WireFormat.Request.Kind, _ arguments: [String], _ tree: FileTree, _ directory: BoxPath, on pool: WorkerPool,
    wantsTree: Bool
  ) async throws -> WireFormat.Response {
    let request = WireFormat.Request(
      kind: kind, arguments: arguments, tree: tree, directory: directory, wantsTree: wantsTree)
    let response = try await pool.run(WireFormat.encode(request, limits: configuration.limits))
    guard !response.flags.contains(.treeRefused) else { throw treeTooLarge }
    return response
  }
}

extension Sandbox.Statistics {
  fileprivate mutating func note<Value>(
    _ origin: ResultCache<Value>.Origin, of text: String, run: WritableKeyPath<Self, Int>,
    remembered: WritableKeyPath<Self, Int>
  ) {
    switch origin {
    case .computed: self[keyPath: run] += 1
    case .remembered: self[keyPath: remembered] += 1
    case .rechecked(let same):
      self[keyPath: remembered] += 1
      rechecked += 1
      guard !same else { return }
      mismatches += 1
      firstMismatch = firstMismatch ?? text
    }
  }
}
