internal import Episodes

/// The few commands that documents use, on files in memory, with exactly the output of bash and GNU coreutils in the C
/// locale. A test replays documents through the real ones.
///
/// A command outside this language is a mistake of the generator and stops the program.
struct SimulatedShell {
  /// Path relative to the working folder, and content.
  private(set) var files: [String: String]
  /// Every folder, the ones above it included; the working folder itself is "".
  private let folders: Set<String>

  init(files: [String: String], folders: [String] = []) {
    self.files = files
    self.folders = Set((files.keys.map(\.parent) + folders).flatMap(\.selfAndParents))
  }

  /// What stands beside the files in the working folder, which is the root of the box.
  static let systemFolders = ["bin", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr"]

  mutating func run(_ command: String) -> ToolOutput {
    if command.hasPrefix("echo ") { return echo(command) }
    let words = command.split(separator: " ").map(String.init)
    switch (words[0], words.count) {
    case ("ls", 1...2): return list(words.count == 2 ? words[1] : "")
    case ("cat", 2): return read(words[1], tool: "cat")
    case ("rm", 2): return remove(words[1])
    case ("cp", 3), ("mv", 3): return copy(words[1], to: words[2], tool: words[0])
    case ("wc", 3): return count(words[2])
    case ("bash", 2), ("python3", 2): return script(words[1])
    case ("find", 4): return find(words[3].filter { $0 != "'" })
    case ("grep", 3): return search(words[1], in: words[2])
    case ("sed", 4...): return substitute(command)
    default: preconditionFailure("the simulated shell does not know: \(command)")
    }
  }

  private func list(_ folder: String) -> ToolOutput {
    let prefix = folder.isEmpty ? "" : folder + "/"
    guard folders.contains(folder) else {
      return .failure("ls: cannot access '\(folder)': No such file or directory", status: 2)
    }
    let system = folder.isEmpty ? Self.systemFolders : []
    let inside = (Array(files.keys) + folders + system).filter { $0.hasPrefix(prefix) && $0 != folder }
    let names = Set(inside.map { $0.dropFirst(prefix.count).split(separator: "/")[0] })
    // Code-unit order is what `ls` does in the C locale.
    return .success(
      names.map { $0 + "\n" }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.joined())
  }

  private func read(_ path: String, tool: String) -> ToolOutput {
    files[path].map(ToolOutput.success) ?? .missing(path, tool)
  }

  private mutating func remove(_ path: String) -> ToolOutput {
    guard files.removeValue(forKey: path) != nil else {
      return .failure("rm: cannot remove '\(path)': No such file or directory")
    }
    return .success("")
  }

  private mutating func copy(_ path: String, to target: String, tool: String) -> ToolOutput {
    guard let text = files[path] else { return .failure("\(tool): cannot stat '\(path)': No such file or directory") }
    files[target] = text
    if tool == "mv" { files[path] = nil }
    return .success("")
  }

  private func count(_ path: String) -> ToolOutput {
    guard let text = files[path] else { return .missing(path, "wc") }
    return .success("\(text.utf8.count { $0 == UInt8(ascii: "\n") }) \(path)\n")
  }

  /// Scripts hold only `echo` and `print` lines.
  private func script(_ path: String) -> ToolOutput {
    guard let text = files[path] else { return .failure("bash: \(path): No such file or directory", status: 127) }
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    return .success(lines.map { $0.split(separator: "'")[1] + "\n" }.joined())
  }

  private func find(_ name: String) -> ToolOutput {
    .success(files.keys.filter { $0 == name || $0.hasSuffix("/" + name) }.sorted().map { "./\($0)\n" }.joined())
  }

  private func search(_ word: String, in path: String) -> ToolOutput {
    guard let text = files[path] else { return .missing(path, "grep", status: 2) }
    let found = text.split(separator: "\n").filter { $0.contains(word) }
    return ToolOutput(
      standardOutput: found.map { $0 + "\n" }.joined(), standardError: "", status: found.isEmpty ? 1 : 0)
  }

  /// `echo 'TEXT' > PATH` and `echo 'TEXT' >> PATH`.
  private mutating func echo(_ command: String) -> ToolOutput {
    let parts = command.split(separator: "'", omittingEmptySubsequences: false)
    let words = parts[2].split(separator: " ").map(String.init)
    let before = words[0] == ">>" ? files[words[1]] ?? "" : ""
    precondition(folders.contains(words[1].parent), "no such folder: \(command)")
    files[words[1]] = before + parts[1] + "\n"
    return .success("")
  }

  /// `sed -i 's/OLD/NEW/' PATH`: the first occurrence of each line; OLD is plain text.
  private mutating func substitute(_ command: String) -> ToolOutput {
    let parts = command.split(separator: "'", omittingEmptySubsequences: false)
    let script = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    let path = String(parts[2].dropFirst())
    guard let text = files[path] else {
      return .failure("sed: can't read \(path): No such file or directory", status: 2)
    }
    files[path] = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.replacingFirst(script[1], with: script[2]) }.joined(separator: "\n")
    return .success("")
  }
}

extension ToolOutput {
  fileprivate static func success(_ text: String) -> ToolOutput {
    ToolOutput(standardOutput: text, standardError: "", status: 0)
  }

  fileprivate static func failure(_ message: String, status: Int32 = 1) -> ToolOutput {
    ToolOutput(standardOutput: "", standardError: message + "\n", status: status)
  }

  fileprivate static func missing(_ path: String, _ tool: String, status: Int32 = 1) -> ToolOutput {
    failure("\(tool): \(path): No such file or directory", status: status)
  }
}

extension String {
  /// The folder of a path; "" for the working folder.
  fileprivate var parent: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }

  fileprivate var selfAndParents: [String] { isEmpty ? [""] : [self] + parent.selfAndParents }
}

extension Substring {
  fileprivate func replacingFirst(_ old: Substring, with new: Substring) -> String {
    guard let range = firstRange(of: old) else { return String(self) }
    return String(self[..<range.lowerBound] + new + self[range.upperBound...])
  }
}
