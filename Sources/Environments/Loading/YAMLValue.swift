import Yams

/// A value of a YAML file that knows where it stands, so that every complaint names the file and the line.
struct YAMLValue {
  let node: Node
  let file: String
  /// The keys that lead here, for example `arms.benign`; empty at the top.
  let path: String

  init(node: Node, file: String, path: String = "") {
    self.node = node
    self.file = file
    self.path = path
  }

  /// Parses the text of a file.
  init(parsing text: String, file: String) throws {
    do {
      guard let node = try YAMLText.compose(text) else { throw EnvironmentError("the file is empty", file: file) }
      self.init(node: node, file: file)
    } catch let error as YAMLText.Malformed {
      throw EnvironmentError(error.message, file: file, line: error.line)
    }
  }

  /// Counted from 1.
  var line: Int? { node.mark?.line }
  var isText: Bool { node.scalar != nil }
  var isList: Bool { node.sequence != nil }
  var isMapping: Bool { node.mapping != nil }

  func error(_ message: String) -> EnvironmentError {
    EnvironmentError(path.isEmpty ? message : "`\(path)`: \(message)", file: file, line: line)
  }

  /// The values of a mapping by key, in the file's order.
  func pairs() throws -> [(key: String, value: YAMLValue)] {
    guard let mapping = node.mapping else { throw error("a mapping (key: value) is needed here") }
    return try mapping.map { key, value in
      guard let name = key.string else { throw error("keys must be plain text") }
      return (name, YAMLValue(node: value, file: file, path: path.isEmpty ? name : path + "." + name))
    }
  }

  /// The values of a mapping that may hold nothing but `keys`.
  func fields(_ keys: String...) throws -> [String: YAMLValue] {
    let problems = ProblemList()
    let fields = try fields(keys, problems)
    try problems.check()
    return fields
  }

  /// The values of a mapping. Each key that is not among `keys` is a problem.
  func fields(_ keys: [String], _ problems: ProblemList) throws -> [String: YAMLValue] {
    let pairs = try pairs()
    for (key, value) in pairs where !keys.contains(key) {
      problems.add(
        YAMLValue(node: value.node, file: file, path: path)
          .error("unknown key `\(key)`; known here: \(keys.joined(separator: ", "))"))
    }
    return Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }

  func items() throws -> [YAMLValue] {
    guard let sequence = node.sequence else { throw error("a list is needed here") }
    return sequence.enumerated().map { YAMLValue(node: $1, file: file, path: "\(path)[\($0)]") }
  }

  func text() throws -> String {
    guard let scalar = node.scalar else { throw error("a text is needed here") }
    return scalar.string
  }

  func integer() throws -> Int {
    guard let value = Int(try text()) else { throw error("a whole number is needed here, not `\(try text())`") }
    return value
  }

  func number() throws -> Double {
    guard let value = Double(try text()), value.isFinite else { throw error("a number is needed here") }
    return value
  }

  func truth() throws -> Bool {
    switch try text() {
    case "true": true
    case "false": false
    default: throw error("`true` or `false` is needed here")
    }
  }

  /// One of the cases of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try text()) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("unknown value `\(try text())`; known here: \(known)")
    }
    return choice
  }

  func template() throws -> Template {
    do { return try Template(text()) } catch let problem as EnvironmentError { throw error(problem.message) }
  }
}

extension [String: YAMLValue] {
  /// The value of a key that must be there.
  func required(_ key: String, in parent: YAMLValue) throws -> YAMLValue {
    guard let value = self[key] else { throw parent.error("the key `\(key)` is missing") }
    return value
  }
}
