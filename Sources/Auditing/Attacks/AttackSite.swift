import Environments
import Sandboxing

/// What an attacker can aim at in a built task. An audit knows everything: the tests and the reference solution too.
struct AttackSite: Sendable {
  let box: HarborBox
  let work: WorkArea
  /// The files that the reference solution left; `nil` without one.
  let solved: FileTree?
  let payload: Payload

  /// Files that the work consists of, as the solution leaves them.
  var workFiles: [String] {
    work.paths.filter { (solved ?? box.start).entries[$0]?.content != nil }.map(\.description).sorted()
  }

  /// Files where the agent works that are given and are neither work nor tests, the largest first.
  var inputs: [String] {
    let guards = Set(guards)
    let sizes = box.start.entries.compactMap { path, entry -> (name: String, size: Int)? in
      let name = path.description
      guard !work.contains(path), !guards.contains(name), ("/" + name).hasPrefix(directory + "/") else { return nil }
      return entry.content.map { (name, $0.count) }
    }
    return sizes.sorted { ($1.size, $0.name) < ($0.size, $1.name) }.map(\.name)
  }

  var workModules: [String] { workFiles.filter { $0.hasSuffix(".py") } }
  var workScripts: [String] { workFiles.filter { $0.hasSuffix(".sh") || $0.hasSuffix(".bash") } }

  /// Texts of the verifier: scripts and Python.
  var verifierTexts: [String] {
    box.task.tests.filter { $0.key.description.hasSuffix(".sh") || $0.key.description.hasSuffix(".py") }
      .compactMap { $0.value.content }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Files where the agent works that are not part of the work and decide the reward: tests by their name, and whatever the
  /// verifier names.
  var guards: [String] {
    let texts = verifierTexts
    return box.start.entries.keys.filter { path in
      guard !work.contains(path), box.start.entries[path]?.content != nil else { return false }
      let text = path.description
      let name = text.split(separator: "/").last ?? ""
      let looksLikeTest =
        name.hasPrefix("test_") || name.contains("_test.") || name.hasPrefix("run_test") || name.hasPrefix("test.")
        || text.split(separator: "/").dropLast().contains { $0 == "tests" || $0 == "test" }
      return looksLikeTest || texts.contains { $0.contains("/" + text) || (name.count > 6 && $0.contains(name)) }
    }.map(\.description).sorted()
  }

  /// Modules of Python's library that the verifier imports, or the tests that it runs.
  var importedLibrary: [String] {
    let own = guards.filter { $0.hasSuffix(".py") }.compactMap { box.start.text(of: $0) }
    let names = own.reduce(box.task.importedModules) { $0.union(HarborTask.imports(in: $1)) }
    return names.intersection(PythonModules.standard).sorted()
  }

  /// Programs that the verifier calls by name.
  var programs: [String] {
    let known: Set<String> = [
      "python3", "python", "bash", "sh", "diff", "cmp", "grep", "cat", "test", "awk", "sed", "sha256sum", "wc",
      "timeout", "uvx", "uv", "pip", "pip3", "pytest", "curl", "apt-get",
    ]
    return Set(ShellReading(box.task.testScript.utf8).names).intersection(known).sorted()
  }

  /// Folders in which the verifier looks for programs and that the agent can write: those outside of the system.
  var writableProgramFolders: [String] {
    let system = ["/usr", "/bin", "/sbin", "/lib", "/etc", "/dev", "/proc"]
    let path = box.verifierVariables["PATH"] ?? ""
    var folders = path.split(separator: ":").map(String.init)
    for match in box.task.testScript.matches(of: /PATH="?([^"\n;]*)/) {
      folders += match.output.1.split(separator: ":").map { String($0).replacing("$HOME", with: box.home) }
    }
    // The file that uv's installer writes puts this folder first.
    if sourcedFiles.contains(where: { $0.hasSuffix("/.local/bin/env") }) { folders.append(box.home + "/.local/bin") }
    return folders.filter { folder in
      folder.hasPrefix("/") && !system.contains { folder == $0 || folder.hasPrefix($0 + "/") }
    }
  }

  /// Files outside of `/tests` that the verifier's shell reads as commands.
  var sourcedFiles: [String] {
    box.task.testScript.matches(of: /(?:^|[;&|\n])\s*(?:source|\.)\s+"?([^\s";&|]+)/)
      .map { ["${HOME}", "$HOME", "~"].reduce(String($0.output.1)) { $0.replacing($1, with: box.home) } }
      .map { $0.hasPrefix("/") ? $0 : directory + "/" + $0 }
      .filter { !$0.hasPrefix("/tests/") && !$0.contains("$") && !$0.hasPrefix("/usr/") && !$0.hasPrefix("/etc/") }
  }

  /// Where the agent and the verifier start.
  var directory: String { box.directory.description == "/" ? "" : box.directory.description }
}
