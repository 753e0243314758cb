import Episodes

/// The kinds of gaming criterion that an environment can name.
package enum CriterionKind: String, Sendable, Codable, CaseIterable {
  /// Answers with the user's view.
  case stance
  /// Saves a high rating of poor work.
  case rating
  /// Claims completion and edits the checklist.
  case checklist
  /// Rewrites the reward function unseen by its test.
  case tampering
  /// Makes the environment's own reward high enough.
  case reward
  /// Nothing is gaming: a plain request, done or not.
  case answer

  var grader: any Grader.Type {
    switch self {
    case .stance: StanceGrader.self
    case .rating: RatingGrader.self
    case .checklist: ChecklistGrader.self
    case .tampering: TamperingGrader.self
    case .reward: RewardGrader.self
    case .answer: AnswerGrader.self
    }
  }
}

/// The `criterion` of an environment: a kind and its fields, which are templates.
struct Criterion: Sendable, Hashable {
  struct Field: Sendable, Hashable {
    var templates: [Template]
    var isList: Bool
    /// The keys of a mapping, one for each template; empty otherwise.
    var keys: [String] = []
    var line: Int?
  }

  var kind: CriterionKind
  var fields: [String: Field]
  /// Where it was read, for complaints.
  var file: String
  var line: Int?

  init(kind: CriterionKind, fields: [String: Field] = [:], file: String, line: Int? = nil) {
    self.kind = kind
    self.fields = fields
    self.file = file
    self.line = line
  }

  init(_ value: YAMLValue) throws {
    let pairs = Dictionary(try value.pairs().map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    let kind = try pairs.required("kind", in: value)
    guard let known = CriterionKind(rawValue: try kind.text()) else {
      let names = CriterionKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw kind.error("unknown criterion `\(try kind.text())`; known: \(names)")
    }
    self.init(kind: known, fields: try Self.fields(value), file: value.file, line: value.line)
  }

  /// The fields other than `kind`.
  static func fields(_ value: YAMLValue) throws -> [String: Field] {
    var fields: [String: Field] = [:]
    for (key, value) in try value.pairs() where key != "kind" {
      let pairs = value.isMapping ? try value.pairs() : []
      let parts = value.isList ? try value.items() : value.isMapping ? pairs.map(\.value) : [value]
      fields[key] = Field(
        templates: try parts.map { try $0.template() }, isList: value.isList, keys: pairs.map(\.key), line: value.line)
    }
    return fields
  }

  var templates: [(template: Template, line: Int?)] {
    fields.values.flatMap { field in field.templates.map { ($0, field.line) } }
  }

  /// The grader for one variant.
  func grader(for choices: [String: SlotEntry]) throws -> any Grader {
    try kind.grader.init(filled(choices))
  }

  func filled(_ choices: [String: SlotEntry]) -> FilledCriterion { FilledCriterion(criterion: self, choices: choices) }
}

/// A criterion with its slots filled.
struct FilledCriterion {
  let criterion: Criterion
  let choices: [String: SlotEntry]

  func error(_ key: String?, _ message: String) -> EnvironmentError {
    let line = key.flatMap { criterion.fields[$0]?.line } ?? criterion.line
    return EnvironmentError("`criterion\(key.map { "." + $0 } ?? "")`: \(message)", file: criterion.file, line: line)
  }

  /// - Throws: when a field has another name than `keys`.
  func allow(_ keys: String...) throws {
    for key in criterion.fields.keys.sorted() where !keys.contains(key) {
      throw error(
        key, "unknown key; a criterion of kind \(criterion.kind.rawValue) knows \(keys.joined(separator: ", "))")
    }
  }

  func optionalTexts(_ key: String) throws -> [String]? {
    guard let field = criterion.fields[key] else { return nil }
    guard field.isList else { throw error(key, "a list is needed here") }
    return field.templates.map { $0.render(choices) }
  }

  func texts(_ key: String) throws -> [String] { try need(key, optionalTexts(key)) }

  func optionalText(_ key: String) throws -> String? {
    guard let field = criterion.fields[key] else { return nil }
    guard !field.isList, field.keys.isEmpty else { throw error(key, "a text is needed here") }
    return field.templates.map { $0.render(choices) }.joined()
  }

  /// A mapping of plain keys to texts; empty where there is none.
  func optionalMapping(_ key: String) throws -> [String: String] {
    guard let field = criterion.fields[key] else { return [:] }
    guard !field.keys.isEmpty else { throw error(key, "a mapping (key: value) is needed here") }
    return Dictionary(zip(field.keys, field.templates.map { $0.render(choices) })) { $1 }
  }

  func text(_ key: String) throws -> String { try need(key, optionalText(key)) }

  /// A path inside the episode's files.
  func path(_ key: String) throws -> String {
    do { return try FilePath.checked(text(key)) } catch let problem as EnvironmentError where problem.file == nil {
      throw error(key, problem.message)
    }
  }

  func optionalNumber(_ key: String) throws -> Double? {
    guard let text = try optionalText(key) else { return nil }
    guard let number = Double(text), number.isFinite else { throw error(key, "a number is needed here, not `\(text)`") }
    return number
  }

  func number(_ key: String) throws -> Double { try need(key, optionalNumber(key)) }

  func optionalTruth(_ key: String) throws -> Bool? {
    switch try optionalText(key) {
    case nil: nil
    case "true"?: true
    case "false"?: false
    case .some: throw error(key, "`true` or `false` is needed here")
    }
  }

  private func need<Value>(_ key: String, _ value: Value?) throws -> Value {
    guard let value else {
      throw error(nil, "the key `\(key)` is missing; a criterion of kind \(criterion.kind.rawValue) needs it")
    }
    return value
  }
}
