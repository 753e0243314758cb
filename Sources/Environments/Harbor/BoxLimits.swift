import Sandboxing

/// What a task may ask for and a box does not have: each is refused by its name, before anything runs.
enum BoxLimits {
  /// Programs that need a network, a package manager or a service.
  private static let absent: [String: String] = [
    "apt": packages, "apt-get": packages, "apk": packages, "yum": packages, "dnf": packages, "brew": packages,
    "pip": packages, "pip3": packages, "uv": packages, "uvx": packages, "pipx": packages, "conda": packages,
    "npm": packages, "npx": packages, "yarn": packages, "gem": packages, "cargo": packages, "poetry": packages,
    "curl": network, "wget": network, "ssh": network, "scp": network, "rsync": network, "nc": network, "ping": network,
    "git": other, "pytest": other, "py.test": other, "node": other, "gcc": other, "cc": other, "g++": other,
    "make": other, "go": other,
    "java": other, "ruby": other, "perl": other, "jq": other, "rustc": other, "cmake": other,
    "docker": services, "docker-compose": services, "service": services, "systemctl": services, "nginx": services,
    "sudo": "one user without rights", "su": "one user without rights", "useradd": "one user without rights",
  ]
  private static let packages = "no package manager and no network"
  private static let network = "no network"
  private static let services = "no services"
  private static let other = "only bash, the core utilities and Python with its standard library"

  /// Images whose programs the box has: a shell, the core utilities, and perhaps Python.
  private static let images: Set<String> = ["python", "ubuntu", "debian", "bash", "alpine", "busybox", "scratch"]

  /// - Parameters:
  ///   - own: names that the script may call because the task brings them.
  ///   - requirements: the text of a file of the task by its path in the container.
  /// - Throws: `EnvironmentError` when the script calls a program that the box does not have.
  static func check(
    script: String, file: String, line: Int? = nil, own: Set<String> = [], packages: BoxPackages? = nil,
    requirements: (String) -> String? = { _ in nil }
  ) throws {
    for (word, arguments) in ShellReading(script.utf8).calls {
      let name = programName(word)
      if own.contains(name) { continue }
      var reason = absent[name].map {
        "the sandbox has \($0); bring what it would make as files of the task, or do without"
      }
      if let packages {
        switch PackageCall.read(name, arguments, packages, requirements: requirements) {
        case .other: break
        case .satisfied: reason = nil
        case .missing(let words): reason = words
        }
      } else if reason != nil, pythonic.contains(name) {
        reason =
          "the sandbox has no Python packages; give it some with --packages DIR, "
          + "a folder that `pip install --target DIR pytest pytest-json-ctrf` filled"
      }
      if let reason {
        let call = ([name] + (packages == nil ? [] : arguments.prefix(6))).joined(separator: " ")
        throw EnvironmentError("`\(call)` is called, and \(reason)", file: file, line: line)
      }
    }
  }

  /// Programs that a box with packages has.
  private static let pythonic: Set<String> = ["pip", "pip3", "uv", "uvx", "pytest", "py.test"]

  /// Whether a script calls something that only a box with packages has.
  static func needsPackages(_ script: String) -> Bool {
    ShellReading(script.utf8).calls.contains { word, arguments in
      let name = programName(word)
      return pythonic.contains(name) || ["apt-get", "apt", "curl"].contains(name)
        || name.hasPrefix("python") && !Set(arguments).isDisjoint(with: ["pytest", "pip"])
    }
  }

  private static let installers: Set<String> = ["apt-get", "apt", "apk"]
  /// Packages whose programs the box has.
  private static let present: Set<String> = [
    "bash", "python3", "python3-minimal", "coreutils", "findutils", "grep", "sed", "diffutils", "tar", "gzip",
    "ca-certificates",
  ]

  /// Whether a command only makes what the box has: such a step is passed over.
  static func isSatisfied(
    _ command: String, packages: BoxPackages? = nil, requirements: (String) -> String? = { _ in nil }
  ) -> Bool {
    let reading = ShellReading(command.utf8)
    guard reading.isPlain, reading.calls.contains(where: { $0.name != "rm" }) else { return false }
    let verbs: Set<String> = ["update", "install", "add"]
    return reading.calls.allSatisfy { name, arguments in
      if name == "rm" { return true }
      if name == "ln" { return arguments.last == "/usr/bin/python" && arguments.dropLast().last == "/usr/bin/python3" }
      if let packages, name != "curl", name != "pytest",
        PackageCall.read(name, arguments, packages, requirements: requirements) == .satisfied
      {
        return true
      }
      return installers.contains(name)
        && arguments.allSatisfy { $0.hasPrefix("-") || verbs.contains($0) || present.contains($0) }
    }
  }

  /// - Throws: `EnvironmentError` when the image has programs that the box does not have.
  static func check(image: String, file: String, line: Int? = nil, packages: BoxPackages? = nil) throws {
    let name = image.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
    if packages != nil, image.contains("astral-sh/uv") { return }
    guard images.contains(name.prefix { $0 != "-" }.lowercased()) else {
      throw EnvironmentError(
        "the image `\(image)` has programs that the sandbox lacks, which has only bash, the core utilities and Python; "
          + "known images: \(images.sorted().joined(separator: ", "))", file: file, line: line)
    }
  }

  private static func programName(_ word: String) -> String {
    String(word.split(separator: "/").last ?? Substring(word))
  }
}
