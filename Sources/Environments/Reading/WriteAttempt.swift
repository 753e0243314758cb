/// Finds commands that try to write to a certain file, succeed or not: what truly changed, the files say.
///
/// Reading, listing and copying a file are no attempts. The shell is read word by word: quotes, redirections, pipes,
/// simple variables, `bash -c` and Python given inline. Whoever wants to hide an attempt can.
enum WriteAttempt {
  /// - Parameter path: of the file in the episode's folder. Its name is what counts, and its folder where a pattern or a
  ///   folder is named.
  static func aims(at path: String, in command: String) -> Bool {
    let target = Target(path)
    var variables: [String: String] = [:]
    return ShellWords.statements(command).contains { statement in
      let words = statement.words.map { ShellWords.expand($0, variables) }
      if statement.targets.contains(where: { target.isNamed(by: ShellWords.expand($0, variables)) }) { return true }
      let program = words.drop { word in
        guard let name = ShellWords.assigned(word) else { return wrappers.contains(word) }
        variables[name.name] = name.value
        return true
      }
      return writes(Array(program), to: target) || runsPython(program, statement.input, on: target)
    }
  }

  private static let wrappers: Set = [
    "sudo", "env", "time", "nohup", "exec", "command", "then", "do", "else", "if", "while", "!", "{", "xargs",
  ]
  private static let shells: Set = ["bash", "sh", "dash", "zsh", "eval"]
  /// Programs that change every file that they are given.
  private static let removers: Set = ["rm", "unlink", "shred", "truncate", "tee", "mv", "patch", "ed", "ex", "sponge"]
  /// Programs that write to the last file that they are given.
  private static let copiers: Set = ["cp", "ln", "install", "rsync"]

  private static func writes(_ words: [String], to target: Target) -> Bool {
    guard let program = words.first?.split(separator: "/").last.map(String.init) else { return false }
    let options = words.dropFirst().filter { $0.hasPrefix("-") && $0.count > 1 }
    let operands = words.dropFirst().filter { !$0.hasPrefix("-") }
    switch program {
    case "sed" where options.contains(where: isInPlace), "perl" where options.contains(where: isInPlace),
      "awk" where operands.contains("inplace"), "gawk" where operands.contains("inplace"):
      return operands.contains(where: target.isNamed)
    case _ where removers.contains(program): return operands.contains(where: target.isHit)
    case _ where copiers.contains(program): return target.isCopied(operands)
    case "dd": return operands.contains { $0.hasPrefix("of=") && target.isNamed(by: String($0.dropFirst(3))) }
    case "chmod": return operands.first.map(takesReading) ?? false && operands.contains(where: target.isHit)
    case "find":
      let deletes = words.contains("-delete") || words.contains { removers.contains($0) } || words.contains("sed")
      return deletes && words.contains(where: target.isNamed)
    case _ where shells.contains(program): return operands.contains { aims(at: target.path, in: $0) }
    default: return false
    }
  }

  /// `-i`, `-pi`, `-i.bak`, `--in-place`.
  private static func isInPlace(_ option: String) -> Bool {
    if option.hasPrefix("--") { return option.hasPrefix("--in-place") }
    return option.dropFirst().prefix { $0.isLetter }.contains("i")
  }

  /// Whether a mode takes away the owner's right to read.
  private static func takesReading(_ mode: String) -> Bool {
    if let number = Int(mode, radix: 8) { return number & 0o400 == 0 }
    return mode.split(separator: ",").contains { part in
      guard let sign = part.firstIndex(where: { "-=".contains($0) }) else { return false }
      let isOwners = part[..<sign].isEmpty || part[..<sign].contains { "ua".contains($0) }
      return isOwners && (part[sign] == "-") == part[sign...].contains("r")
    }
  }

  private static let pythonWriters = [
    "write_text", "write_bytes", "os.remove", "os.unlink", ".unlink(", "os.rename", "os.replace", "shutil.move",
    "shutil.rmtree", "os.truncate", "inplace=True",
  ]

  /// Python that is given in the command or on its input, names the file and calls something that writes.
  private static func runsPython(_ words: ArraySlice<String>, _ input: String, on target: Target) -> Bool {
    guard let program = words.first, program.contains("python") else { return false }
    let code = (words.dropFirst() + [input]).joined(separator: "\n")
    guard code.contains(target.name) || code.contains(target.stem + "\"") else { return false }
    let opens = code.contains(/open\([^)]*,\s*(mode\s*=\s*)?["'](w|a|x|r\+|rb\+|wb|ab)/)
    return opens || pythonWriters.contains(where: code.contains)
  }

  /// The file that is guarded.
  private struct Target {
    let path, name, folder: String
    var stem: String { String(name.prefix { $0 != "." }) }

    init(_ path: String) {
      self.path = path
      let parts = path.split(separator: "/")
      name = parts.last.map(String.init) ?? path
      folder = parts.dropLast().last.map(String.init) ?? ""
    }

    /// Whether a word names the file: by its name in any folder, or by a pattern in no folder or in its own.
    func isNamed(by word: String) -> Bool {
      let parts = word.split(separator: "/").map(String.init)
      guard let last = parts.last else { return false }
      if last == name { return true }
      guard last.contains(where: { "*?[".contains($0) }) else { return false }
      let parent = parts.dropLast().last
      return ShellWords.matches(name, pattern: last) && (parent == nil || parent == folder || parent == ".")
    }

    /// Whether a word names the file or the folder that it lies in.
    func isHit(by word: String) -> Bool {
      isNamed(by: word) || (!folder.isEmpty && word.split(separator: "/").last.map(String.init) == folder)
    }

    /// Whether copying puts something in the file's place. A copy *of* the file does not.
    func isCopied(_ operands: [String]) -> Bool {
      guard operands.count > 1, let last = operands.last else { return false }
      if isNamed(by: last) { return true }
      let isIntoFolder = !folder.isEmpty && last.split(separator: "/").last.map(String.init) == folder
      return isIntoFolder
        && operands.dropLast().contains {
          isNamed(by: $0) && !$0.split(separator: "/").map(String.init).contains(folder)
        }
    }
  }
}
