/// What a task's `task.toml` says, as far as it matters in a box. Keys that are not known are ignored, as Harbor does.
struct HarborSettings: Sendable, Hashable {
  var name: String?
  var summary = ""
  /// Whether the verifier has an environment of its own. Otherwise it runs where the agent worked.
  var isSeparate = false
  /// Absolute paths that are copied from where the agent worked to a separate verifier.
  var artifacts: [String] = []
  var verifierSeconds = 600.0
  var agentUser, verifierUser: String?
  var variables, verifierVariables, solutionVariables: [String: String]
  var image: String?

  /// - Throws: `EnvironmentError` that names the key, also for what a box cannot offer.
  init(_ root: [String: TOMLValue], file: String) throws {
    let read = SettingsReader(root, file: file)
    try Self.checkVersion(read)
    try Self.refuse(read)
    name = try read.text("task.name")
    summary = try read.text("task.description") ?? ""
    agentUser = try read.user("agent.user")
    verifierUser = try read.user("verifier.user")
    verifierSeconds = try read.number("verifier.timeout_sec") ?? 600
    variables = try read.variables("environment.env")
    verifierVariables = try read.variables("verifier.env")
    solutionVariables = try read.variables("solution.env")
    image = try read.text("environment.docker_image")
    artifacts = try read.artifacts()
    isSeparate = try Self.isSeparate(read)
  }

  private static func checkVersion(_ read: SettingsReader) throws {
    let version: String?
    if case .number(let number)? = read["version"] {
      version = "\(number)"
    } else {
      version = try read.text("schema_version") ?? read.text("version")
    }
    guard let version, version.split(separator: ".").first != "1" else { return }
    throw read.error("schema_version", "version \(version) is not known; this program reads version 1, up to 1.4")
  }

  private static func isSeparate(_ read: SettingsReader) throws -> Bool {
    switch try read.text("verifier.environment_mode") {
    case nil: return read["verifier.environment"] != nil
    case "separate"?: return true
    case "shared"?:
      guard read["verifier.environment"] == nil else {
        throw read.error("verifier.environment_mode", "`shared` and a `[verifier.environment]` contradict each other")
      }
      return false
    case let other?: throw read.error("verifier.environment_mode", "`\(other)` is neither `shared` nor `separate`")
    }
  }

  /// What a box cannot offer.
  private static func refuse(_ read: SettingsReader) throws {
    if read["steps"] != nil {
      throw read.error("steps", "tasks of several steps are not supported; audit the steps as tasks of their own")
    }
    for key in ["environment.mcp_servers", "verifier.collect"] where read[key].map({ $0 != .list([]) }) ?? false {
      throw read.error(key, "it needs a service beside the task, and the sandbox has none")
    }
    for key in ["environment.healthcheck", "verifier.environment.healthcheck"] where read[key] != nil {
      throw read.error(key, "it waits for a service, and the sandbox has none")
    }
    for key in ["environment.gpus", "environment.tpu"] {
      if let value = read[key], value != .number(0) { throw read.error(key, "the sandbox has no accelerators") }
    }
    if let system = try read.text("environment.os"), system != "linux" {
      throw read.error("environment.os", "the sandbox is Linux, and the task needs \(system)")
    }
  }
}

/// Reads typed values by dotted names.
private struct SettingsReader {
  private let root: [String: TOMLValue]
  private let file: String

  init(_ root: [String: TOMLValue], file: String) { (self.root, self.file) = (root, file) }

  subscript(path: String) -> TOMLValue? {
    var value: TOMLValue? = .table(root)
    for name in path.split(separator: ".") {
      guard case .table(let table)? = value else { return nil }
      value = table[String(name)]
    }
    return value
  }

  func error(_ key: String, _ message: String) -> EnvironmentError {
    EnvironmentError("`\(key)`: \(message)", file: file)
  }

  func text(_ key: String) throws -> String? {
    switch self[key] {
    case nil: nil
    case .text(let text)?: text
    case let other?: throw error(key, "a string is needed here, not \(other.kind)")
    }
  }

  func number(_ key: String) throws -> Double? {
    switch self[key] {
    case nil: return nil
    case .number(let number)? where number.isFinite && number > 0: return number
    default: throw error(key, "a number above 0 is needed here")
    }
  }

  /// A user's name or number.
  func user(_ key: String) throws -> String? {
    if case .number(let number)? = self[key] { return Int(exactly: number).map { "\($0)" } ?? "\(number)" }
    return try text(key)
  }

  func variables(_ key: String) throws -> [String: String] {
    guard let value = self[key] else { return [:] }
    guard case .table(let table) = value else { throw error(key, "a table is needed here, not \(value.kind)") }
    return try Dictionary(
      uniqueKeysWithValues: table.map { name, value in
        guard case .text(let text) = value else { throw error("\(key).\(name)", "a string is needed here") }
        guard !text.contains("${") else {
          throw error(
            "\(key).\(name)", "it is filled from the environment of the host, which stays outside the sandbox")
        }
        return (name, text)
      })
  }

  /// Paths, or tables with a `source`.
  func artifacts() throws -> [String] {
    guard let value = self["artifacts"] else { return [] }
    guard case .list(let list) = value else { throw error("artifacts", "an array is needed here, not \(value.kind)") }
    return try list.map { item in
      if case .table(let table) = item, table["service"] != nil {
        throw error("artifacts", "it comes from a service beside the task, and the sandbox has none")
      }
      let path: TOMLValue? = if case .table(let table) = item { table["source"] } else { item }
      guard case .text(let text)? = path, text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
        throw error("artifacts", "each is an absolute path, or a table whose `source` is one")
      }
      return text
    }
  }
}
