/// Decides which commands and programs give the same result every time they are run on the same files.
///
/// Files, their order and times, the working directory, addresses, process numbers and hash seeds are the same in every
/// box. What remains is the clock, the kernel's random numbers, the state of the machine and races between processes.
///
/// The rule has three parts. A command is repeatable only if every program that it starts is *known* to depend on nothing
/// but its arguments and files: what is not known (`df`, `date`, `ps`, a file of the episode) is not remembered. Its
/// text, and that of files which may run, must hold none of the names under which shells and Python offer the clock and
/// chance. And a text has to prove itself: `RerunRecord`. A wrong "no" costs time.
enum Repeatability {
  /// Programs and shell built-ins that are functions of their arguments and of the files.
  private static let functions: Set<String> = [
    ":", "[", "basename", "base64", "break", "cat", "cd", "chmod", "cmp", "comm", "continue", "cp", "cut", "dirname",
    "du", "echo", "egrep", "exit", "export", "expr", "false", "fgrep", "find", "fold", "grep", "groups", "head",
    "hostname",
    "id", "install", "let", "ln", "ls", "md5sum", "mkdir", "mv", "nl", "od", "paste", "printf", "pwd", "read",
    "readlink", "realpath", "return", "rm", "rmdir", "sed", "seq", "sha256sum", "shift", "sleep", "sort", "split",
    "tac",
    "tail", "tee", "test", "touch", "tr", "true", "truncate", "type", "uname", "uniq", "unset", "wc", "which", "whoami",
  ]
  /// Programs that run other texts: those of the episode's files, or words of the command itself.
  private static let interpreters: Set<String> = [
    ".", "awk", "bash", "builtin", "command", "env", "eval", "exec", "python", "python3", "sh", "source", "xargs",
  ]
  /// Names under which shells and Python offer the clock, chance, process numbers and the state of the machine.
  private static let chance: Set<String> = [
    "random", "urandom", "getrandom", "RANDOM", "SRANDOM", "rand", "srand", "EPOCHSECONDS", "EPOCHREALTIME", "SECONDS",
    "BASHPID", "PPID", "datetime", "uuid", "secrets", "getpid", "getppid", "perf_counter", "monotonic", "time_ns",
    "process_time", "thread_time", "systime", "strftime", "localtime", "mktemp", "tempfile", "shuf", "getrusage",
    "getloadavg", "statvfs", "disk_usage",
  ]
  /// Options and places that are ordinary words in other files.
  private static let commandChance: Set<String> = [
    "date", "time", "times", "timeout", "stat", "proc", "coproc", "newer", "newermt", "newerat", "mmin", "amin", "cmin",
    "mtime", "atime", "ctime",
  ]

  /// Whether `bash -c command` on these files, in this directory, can be remembered.
  static func isRepeatable(command: String, tree: FileTree, directory: BoxPath = "/") -> Bool {
    let reading = ShellReading(command.utf8)
    let programs = Set(reading.names.map(programName))
    guard reading.isPlain, programs.isSubset(of: functions.union(interpreters)), !sortsByChance(reading),
      !runsInBackground(command), !command.contains("$$"), !command.contains("%("), !command.contains(">(")
    else { return false }
    let words = Words(command.utf8)
    guard words.all.isDisjoint(with: chance), words.all.isDisjoint(with: commandChance), !words.importsTime,
      !leadsToTheSystem(directory, tree)
    else { return false }
    let mayRunFiles = !programs.isDisjoint(with: interpreters)
    return !mayRunFiles || (!words.all.contains("df") && !tree.entries.values.contains(where: mentionsChance))
  }

  /// `/bin/ls` is `ls`; any other path is the name of no known program.
  private static func programName(_ word: String) -> String {
    for folder in ["/usr/bin/", "/bin/"] where word.hasPrefix(folder) { return String(word.dropFirst(folder.count)) }
    return word
  }

  private static func sortsByChance(_ reading: ShellReading) -> Bool {
    (reading.arguments["sort"] ?? []).contains { option in
      option.hasPrefix("--rand") || option.hasPrefix("-") && !option.hasPrefix("--") && option.contains("R")
    }
  }

  /// Whether a name of the episode may lead to /proc or /dev, by a link or by where the command starts.
  private static func leadsToTheSystem(_ directory: BoxPath, _ tree: FileTree) -> Bool {
    let isSystem = { (bytes: [UInt8]) in !Words(bytes).all.isDisjoint(with: ["proc", "dev"]) }
    return isSystem(directory.bytes)
      || tree.entries.values.contains { if case .link(let target) = $0 { isSystem(target) } else { false } }
  }

  /// Whether `python3 -c program` on these files can be remembered.
  static func isRepeatable(program: String, tree: FileTree) -> Bool {
    let words = Words(program.utf8)
    guard words.all.isDisjoint(with: chance), !words.importsTime else { return false }
    guard !words.all.contains("proc"), !leadsToTheSystem("/", tree) else { return false }
    let modules = tree.entries.filter { $0.key.bytes.suffix(3).elementsEqual(".py".utf8) }
    return !modules.values.contains(where: mentionsChance)
  }

  private static func mentionsChance(_ entry: FileTree.Entry) -> Bool {
    guard let bytes = entry.content else { return false }
    let words = Words(bytes)
    return !words.all.isDisjoint(with: chance) || words.importsTime || words.callsDate
  }

  private static func runsInBackground(_ command: String) -> Bool {
    var rest = command
    for joined in ["&&", ">&", "&>", "<&"] { rest = rest.replacing(joined, with: " ") }
    return rest.contains("&")
  }
}

/// The words (letters, digits, underscores) of a text.
private struct Words {
  private(set) var all: Set<String> = []
  /// `import time` or `from time`.
  private(set) var importsTime = false
  /// `date` as a command: after `(`, a backquote or at the start of a line.
  private(set) var callsDate = false

  init(_ text: some Sequence<UInt8>) {
    var word: [UInt8] = []
    var previous = ""
    var last = UInt8(ascii: "\n")
    var before = last
    for byte in text {
      if Self.isWordByte(byte) {
        if word.isEmpty { before = last }
        word.append(byte)
      } else if !word.isEmpty {
        add(&word, after: before, &previous)
      }
      last = byte
    }
    if !word.isEmpty { add(&word, after: before, &previous) }
  }

  private mutating func add(_ word: inout [UInt8], after before: UInt8, _ previous: inout String) {
    let text = String(decoding: word, as: UTF8.self)
    if text == "time" && (previous == "import" || previous == "from") { importsTime = true }
    if text == "date" && "(`\n".utf8.contains(before) { callsDate = true }
    all.insert(text)
    previous = text
    word.removeAll(keepingCapacity: true)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
