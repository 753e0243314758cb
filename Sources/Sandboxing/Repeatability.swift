/// Decides from their text which commands and programs give the same result every time they are run on the same files.
///
/// Files, their order and times, the working directory, addresses, process numbers and hash seeds are the same in every
/// box. What remains is the clock, the kernel's random numbers and races between processes. A wrong "no" costs time; a
/// wrong "yes" is what the re-runs of `ResultCache` look for.
enum Repeatability {
  /// Names under which shells and Python offer the clock, chance and process numbers.
  private static let chance: Set<String> = [
    "random", "urandom", "RANDOM", "SRANDOM", "EPOCHSECONDS", "EPOCHREALTIME", "SECONDS", "BASHPID", "PPID", "datetime",
    "uuid", "secrets", "getpid", "perf_counter", "monotonic", "time_ns", "strftime", "localtime", "mktemp", "shuf",
  ]
  /// Commands and options that are ordinary words in other files.
  private static let commandChance: Set<String> = [
    "date", "time", "times", "timeout", "stat", "proc", "coproc", "newer", "newermt", "newerat", "mmin", "amin", "cmin",
    "mtime", "atime", "ctime", "tempfile",
  ]
  /// Words that may make a file of the episode run.
  private static let interpreters: Set<String> = [
    "python", "python3", "bash", "sh", "source", "exec", "eval", "env", "xargs", "chmod", "awk", "timeout",
  ]

  /// Whether `bash -c command` on these files can be remembered.
  static func isRepeatable(command: String, tree: FileTree) -> Bool {
    let words = Words(command.utf8)
    guard words.all.isDisjoint(with: chance), words.all.isDisjoint(with: commandChance), !words.importsTime,
      !command.contains("$$"), !command.contains("%("), !command.contains(">("), !runsInBackground(command)
    else { return false }
    let mayRunFiles = !words.all.isDisjoint(with: interpreters) || command.contains(". ") || tree.hasExecutables
    return !mayRunFiles || !tree.entries.values.contains(where: mentionsChance)
  }

  /// Whether `python3 -c program` on these files can be remembered.
  static func isRepeatable(program: String, tree: FileTree) -> Bool {
    let words = Words(program.utf8)
    guard words.all.isDisjoint(with: chance), !words.importsTime else { return false }
    let modules = tree.entries.filter { $0.key.bytes.suffix(3).elementsEqual(".py".utf8) }
    return !modules.values.contains(where: mentionsChance)
  }

  private static func mentionsChance(_ entry: FileTree.Entry) -> Bool {
    guard case .file(let bytes, _) = entry else { return false }
    let words = Words(bytes)
    return !words.all.isDisjoint(with: chance) || words.importsTime || words.callsDate
  }

  private static func runsInBackground(_ command: String) -> Bool {
    var rest = command
    for joined in ["&&", ">&", "&>", "<&"] { rest = rest.replacing(joined, with: " ") }
    return rest.contains("&")
  }
}

extension FileTree {
  fileprivate var hasExecutables: Bool {
    entries.values.contains { if case .file(_, let mode) = $0 { mode & 0o111 != 0 } else { false } }
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
