import Foundation
import Sandboxing

/// What a call of a package manager, or of a program that a package brings, asks of a box with packages.
enum PackageCall {
  /// What came of reading a call.
  enum Answer: Hashable {
    /// The program has nothing to do with packages.
    case other
    /// The box has what the call asks for.
    case satisfied
    /// Why it does not, and what to do.
    case missing(String)
  }

  /// - Parameter requirements: the text of a file of the task by its path in the container; `nil` where it is not known.
  static func read(
    _ name: String, _ words: [String], _ packages: BoxPackages, requirements: (String) -> String? = { _ in nil }
  ) -> Answer {
    switch name {
    case "pip", "pip3": return pip(words, packages, requirements)
    case "uvx": return tool(words, packages)
    case "uv": return uv(words, packages, requirements)
    case "apt-get", "apt": return debian(words, packages)
    case "curl": return installer(words)
    case "pytest", "py.test": return pytest(words, packages)
    case "python", "python3":
      let place = words.firstIndex(of: "-m")
      guard let place, place + 1 < words.count, ["pip", "pytest"].contains(words[place + 1]) else { return .other }
      return read(words[place + 1], Array(words[(place + 2)...]), packages, requirements: requirements)
    default: return .other
    }
  }

  /// Options of pip and uv that take the next word.
  private static let valued: Set<String> = [
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--timeout", "--retries", "--trusted-host",
    "--cache-dir", "--python", "-p", "--root-user-action", "--progress-bar", "--prefix", "--upgrade-strategy", "-c",
    "--constraint", "-w", "--with", "--from", "--index", "--directory", "--project", "--python-preference",
    "--resolution", "--color", "--link-mode", "--exclude-newer", "--group", "--extra", "--env-file",
  ]

  private static func pip(_ words: [String], _ packages: BoxPackages, _ requirements: (String) -> String?) -> Answer {
    guard let verb = words.firstIndex(where: { !$0.hasPrefix("-") }), words[verb] == "install" else {
      return .satisfied
    }
    var names: [String] = []
    var rest = words[(verb + 1)...]
    while let word = rest.popFirst() {
      if ["-r", "--requirement"].contains(word) {
        guard let file = rest.popFirst(), let text = requirements(file) else { continue }
        names += text.split(separator: "\n").map { String($0.prefix { $0 != "#" }).trimmed }
          .filter { !$0.isEmpty && !$0.hasPrefix("-") }
      } else if valued.contains(word) {
        _ = rest.popFirst()
      } else if !word.hasPrefix("-") {
        names.append(word)
      }
    }
    return all(names, packages)
  }

  private static func uv(_ words: [String], _ packages: BoxPackages, _ requirements: (String) -> String?) -> Answer {
    guard let place = words.firstIndex(where: { !$0.hasPrefix("-") }) else { return .satisfied }
    let rest = Array(words[(place + 1)...])
    switch words[place] {
    case "pip": return pip(rest, packages, requirements)
    case "run":
      let (asked, _, command) = split(rest)
      let inner = command.first.map { read($0, Array(command.dropFirst()), packages) } ?? .satisfied
      if case .missing = inner { return inner }
      return all(asked, packages)
    case "tool":
      return rest.first == "run"
        ? tool(Array(rest.dropFirst()), packages) : all(split(Array(rest.dropFirst())).rest, packages)
    case "add": return all(split(rest).rest.filter { !$0.hasPrefix("-") }, packages)
    case "venv", "init", "python", "cache", "self", "lock", "version": return .satisfied
    case let verb: return .missing("`uv \(verb)` needs the network")
    }
  }

  private static func tool(_ words: [String], _ packages: BoxPackages) -> Answer {
    let (asked, source, rest) = split(words)
    guard let tool = rest.first else { return .satisfied }
    return all(asked + [source ?? String(tool.prefix { $0 != "@" })], packages, words: Array(rest.dropFirst()))
  }

  /// What stands before the command: what `--with` asks for, what `--from` names, and the rest.
  private static func split(_ words: [String]) -> (asked: [String], source: String?, rest: [String]) {
    var (asked, source, rest): ([String], String?, ArraySlice<String>) = ([], nil, words[...])
    while let word = rest.first, word.hasPrefix("-") {
      rest.removeFirst()
      if word == "--" { break }
      var (option, value) = (word, "")
      if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        (option, value) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
      } else if valued.contains(word) {
        value = rest.popFirst() ?? ""
      }
      if ["-w", "--with"].contains(option) { asked += value.split(separator: ",").map(String.init) }
      if option == "--from" { source = value }
    }
    return (asked, source, Array(rest))
  }

  /// - Parameter words: those of the program that the packages are for.
  private static func all(_ requirements: [String], _ packages: BoxPackages, words: [String] = []) -> Answer {
    var wanted = requirements.map { $0.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) } }.filter {
      !$0.isEmpty
    }
    if words.contains(where: { $0.hasPrefix("--ctrf") }) { wanted.append("pytest-json-ctrf") }
    let own: Set<String> = ["pip", "setuptools", "wheel", "uv"]
    let missing = wanted.filter { !own.contains($0.lowercased()) && !packages.has($0) }.map(BoxPackages.normal)
    guard !missing.isEmpty else { return .satisfied }
    let names = Set(missing).sorted().joined(separator: " ")
    return .missing(
      "the packages in \(packages.folder.path) lack \(names); give --packages a folder that has it: "
        + "pip install --target DIR \(names)")
  }

  private static func pytest(_ words: [String], _ packages: BoxPackages) -> Answer {
    all(["pytest"], packages, words: words)
  }

  private static func debian(_ words: [String], _ packages: BoxPackages) -> Answer {
    let verbs: Set<String> = ["update", "upgrade", "install", "clean", "autoremove", "remove", "purge"]
    let lacking = words.map { String($0.prefix { $0 != "=" }) }.filter { word in
      !word.hasPrefix("-") && !verbs.contains(word) && !BoxPackages.debian.contains(word)
        && !(word.hasPrefix("python3-") && (packages.has(word.dropFirst(8)) || packages.has("py" + word.dropFirst(8))))
    }
    guard let first = lacking.first else { return .satisfied }
    return .missing(
      "the box has no programs of the Debian package `\(first)`; bring what it would make as files of the task, or do without"
    )
  }

  /// The box has no network. The one script that can be downloaded is the installer of uv, which a stand-in replaces.
  private static func installer(_ words: [String]) -> Answer {
    guard words.contains(where: { $0.contains("astral.sh/uv") }) else {
      return .missing("the sandbox has no network, and only uv's installer is known")
    }
    return .satisfied
  }
}
