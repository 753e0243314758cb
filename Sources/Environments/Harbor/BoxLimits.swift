import Sandboxing

/// What a task may ask for and a box does not have: each is refused by its name, before anything runs.
enum BoxLimits {
  /// Programs that need a network, a package manager or a service.
  private static let absent: [String: String] = [
    "apt": packages, "apt-get": packages, "apk": packages, "yum": packages, "dnf": packages, "brew": packages,
    "pip": packages, "pip3": packages, "uv": packages, "uvx": packages, "pipx": packages, "conda": packages,
    "npm": packages, "npx": packages, "yarn": packages, "gem": packages, "cargo": packages, "poetry": packages,
    "curl": network, "wget": network, "ssh": network, "scp": network, "rsync": network, "nc": network, "ping": network,
    "git": other, "pytest": other, "node": other, "gcc": other, "cc": other, "g++": other, "make": other, "go": other,
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

  /// - Parameter own: names that the script may call because the task brings them.
  /// - Throws: `EnvironmentError` when the script calls a program that the box does not have.
  static func check(script: String, file: String, line: Int? = nil, own: Set<String> = []) throws {
    for name in ShellReading(script.utf8).names.map(programName) where !own.contains(name) {
      guard let reason = absent[name] else { continue }
      throw EnvironmentError(
        "`\(name)` is called, and the sandbox has \(reason); bring what it would make as files of the task, or do without",
        file: file, line: line)
    }
  }

  private static let installers: Set<String> = ["apt-get", "apt", "apk"]
  /// Packages whose programs the box has.
  private static let present: Set<String> = [
    "bash", "python3", "python3-minimal", "coreutils", "findutils", "grep", "sed", "diffutils", "tar", "gzip",
    "ca-certificates",
  ]

  /// Whether a command only installs what the box has: such a step is passed over.
  static func isSatisfied(_ command: String) -> Bool {
    let reading = ShellReading(command.utf8)
    guard reading.isPlain, !installers.isDisjoint(with: reading.names),
      Set(reading.names).isSubset(of: installers.union(["rm"]))
    else { return false }
    let verbs: Set<String> = ["update", "install", "add"]
    return installers.flatMap { reading.arguments[$0] ?? [] }
      .allSatisfy { $0.hasPrefix("-") || verbs.contains($0) || present.contains($0) }
  }

  /// - Throws: `EnvironmentError` when the image has programs that the box does not have.
  static func check(image: String, file: String, line: Int? = nil) throws {
    let name = image.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
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
