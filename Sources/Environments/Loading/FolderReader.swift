import Episodes
import Foundation

/// Reads an environment's folder.
///
/// A folder holds `environment.yaml`, the prompts `prompt.full.md`, `prompt.compact.md` and `prompt.brief.txt` (at least one
/// of them), those of arms with their own (`prompt.NAME.full.md`), and `selftest.yaml` if it has a self-test. With `base: NAME`, what it does
/// not say or hold is taken from a shipped environment. `Documentation/Environments.md` describes the format.
struct FolderReader {
  let folder: URL
  /// Where the shipped environments and the shared preambles lie.
  let resources: URL
  /// Whether the texts and every variant are checked too. The tests check those of the shipped environments.
  var checksVariants = true
  /// Every problem that was found so far.
  let problems = ProblemList()

  private static let keys = [
    "base", "name", "title", "description", "role", "variants", "preamble", "limits", "slots", "files", "dirs",
    "reward_cmd", "oversight_cmd", "criterion", "exploration", "milestones", "arms",
  ]

  /// Reads the folder.
  ///
  /// - Throws: the first problem, as an `EnvironmentError`.
  func read() throws -> EnvironmentDefinition {
    let definition = inspect()
    try problems.check()
    guard let definition else { throw EnvironmentError("the folder is not an environment", file: folder.path) }
    return definition
  }

  /// Reads the folder and adds every problem; `nil` when the rest is not enough for an environment.
  func inspect() -> EnvironmentDefinition? {
    let url = folder.appending(path: "environment.yaml")
    let parts: (YAMLValue, [String: YAMLValue], places: [URL])? = problems.attempt(in: url.path) {
      let top = try YAMLValue(parsing: try Self.text(of: url), file: url.path)
      let fields = try top.fields(Self.keys, problems)
      guard let base = fields["base"] else { return (top, fields, [folder]) }
      let inherited = try self.base(base)
      return (top, fields.merging(inherited.fields) { own, _ in own }, [folder, inherited.folder])
    }
    return parts.flatMap { definition($0.0, $0.1, places: $0.places, file: url.path) }
  }

  /// The shipped environment that supplies what the folder lacks.
  private func base(_ base: YAMLValue) throws -> (folder: URL, fields: [String: YAMLValue]) {
    let name = try base.text()
    let folder = resources.appending(path: name)
    guard EnvironmentCatalogue.builtIn.contains(name), folder.path != self.folder.path else {
      throw base.error(
        "the base must be another shipped environment: \(EnvironmentCatalogue.builtIn.joined(separator: ", "))")
    }
    let url = folder.appending(path: "environment.yaml")
    let inherited = try YAMLValue(parsing: try Self.text(of: url), file: url.path).fields(Self.keys, problems)
    guard inherited["base"] == nil else { throw base.error("`\(name)` has a base itself; name that one") }
    return (folder, inherited)
  }

  /// - Parameter places: the folders that files are looked for in, in this order.
  private func definition(
    _ top: YAMLValue, _ fields: [String: YAMLValue], places: [URL], file: String
  ) -> EnvironmentDefinition? {
    let name = problems.attempt { try Self.name(fields.required("name", in: top)) }
    let title = problems.attempt { try fields.required("title", in: top).text() }
    let digest = problems.attempt { try self.digest(preamble: fields["preamble"]?.text(), places: places) }
    let criterion = problems.attempt { try Criterion(fields.required("criterion", in: top)) }
    let role = problems.attempt { try fields.required("role", in: top).choice(EnvironmentRole.self) }
    let variants = problems.attempt { try fields.required("variants", in: top).integer() }
    let limits = problems.attempt { try Self.limits(fields["limits"]) }
    let found = problems.found.count
    let slots = SlotLists(fields["slots"], places: places, problems)
    // A list with a problem also looks too short for the variants. That is not reported as a second problem.
    let mostVariants = problems.found.count == found ? Int.max : slots.capacity
    let files = self.files(fields)
    let exploration = problems.attempt { try Self.textsByStyle(fields["exploration"]) }
    let milestones = problems.attempt { try fields["milestones"]?.items().map(Milestone.init) }
    let continuations = problems.attempt { try Self.continuations(in: places) }
    let selfTests = self.selfTests(in: places)
    let arms = problems.attempt { try Self.arms(fields.required("arms", in: top), in: top) } ?? []
    let explorable = !(exploration ?? [:]).isEmpty
    let read = arms.compactMap { key, value in
      problems.attempt {
        let preamble = try fields["preamble"]?.text()
        return (
          Arm(rawValue: key),
          try arm(value, preamble: preamble, criterion: criterion, explorable: explorable, places: places)
        )
      }
    }
    // With a slot missing, every text that names it would be a problem.
    guard let criterion, slots.isWhole else { return nil }
    // What could not be read is a problem already; something stands in its place, so that the rest can be checked.
    var parts = DefinitionParts(
      name: name ?? "unnamed", digest: digest ?? "", title: title ?? "", criterion: criterion,
      armDefinitions: Dictionary(read) { $1 }, file: file)
    parts.summary = problems.attempt { try fields["description"]?.text().trimmed ?? "" } ?? ""
    (parts.role, parts.limits, parts.variantCount) = (
      role ?? .training, limits ?? EpisodeLimits(), min(variants ?? 1, mostVariants)
    )
    (parts.slots, parts.files, parts.arms, parts.selfTests) = (slots, files, read.map(\.0), selfTests)
    (parts.exploration, parts.continuations) = (exploration ?? [:], continuations ?? ContinuationTexts())
    if let milestones = milestones ?? nil { parts.milestones = milestones }
    return whole(parts)
  }

  /// The definition of these parts, after its problems were added.
  private func whole(_ parts: DefinitionParts) -> EnvironmentDefinition? {
    problems.attempt(in: parts.file) {
      let definition = try EnvironmentDefinition(unchecked: parts)
      if checksVariants {
        for problem in definition.problems(file: parts.file) { problems.add(located(problem)) }
      }
      return definition
    }
  }

  private static func name(_ value: YAMLValue) throws -> String {
    guard try value.text().wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
      throw value.error("a name consists of lower-case letters, digits and `_`")
    }
    return try value.text()
  }

  private static func arms(_ value: YAMLValue, in top: YAMLValue) throws -> [(key: String, value: YAMLValue)] {
    let arms = try value.pairs()
    guard arms.contains(where: { $0.key == Arm.standard.rawValue }) else {
      throw top.error("the arm `standard` is missing")
    }
    return arms
  }

  private func files(_ fields: [String: YAMLValue]) -> FileTemplates {
    FileTemplates(
      directories: problems.attempt { try fields["dirs"]?.items().map { try $0.template() } ?? [] } ?? [],
      files: problems.attempt { try Self.files(fields["files"]) } ?? [],
      rewardCommand: problems.attempt { try fields["reward_cmd"]?.template() } ?? nil,
      oversightCommand: problems.attempt { try fields["oversight_cmd"]?.template() } ?? nil)
  }

  private static func continuations(in places: [URL]) throws -> ContinuationTexts {
    guard let texts = find("propensity.yaml", in: places) else { return ContinuationTexts() }
    return try ContinuationTexts(parsing: text(of: texts), file: texts.path)
  }

  private func selfTests(in places: [URL]) -> [SelfTestCase] {
    guard let tests = Self.find("selftest.yaml", in: places) else { return [] }
    return problems.attempt { try SelfTestCase.read(Self.text(of: tests), file: tests.path, problems) } ?? []
  }

  private func digest(preamble: String?, places: [URL]) throws -> String {
    var texts: [String: String] = [:]
    for (index, place) in places.enumerated() {
      texts.merge(try EnvironmentDigest.texts(of: place, as: "\(index)")) { $1 }
    }
    let preambles = resources.appending(path: "preambles")
    for style in PromptStyle.allCases {
      for ending in ["md", "txt"] {
        guard let preamble, let file = Self.find("\(preamble).\(style.rawValue).\(ending)", in: [preambles]) else {
          continue
        }
        texts["preamble/" + file.lastPathComponent] = try Self.text(of: file)
      }
    }
    return try EnvironmentDigest.of(texts)
  }

  private static func limits(_ value: YAMLValue?) throws -> EpisodeLimits {
    var limits = EpisodeLimits()
    guard let value else { return limits }
    let keys: [String: WritableKeyPath<EpisodeLimits, Int>] = [
      "policy_tokens": \.policyTokens, "commands": \.commands, "command_bytes": \.commandBytes,
      "output_characters": \.outputCharacters,
    ]
    for (key, value) in try value.fields("policy_tokens", "commands", "command_bytes", "output_characters") {
      guard let path = keys[key], try value.integer() >= 0 else { throw value.error("a limit cannot be negative") }
      limits[keyPath: path] = try value.integer()
    }
    return limits
  }

  private static func files(_ value: YAMLValue?) throws -> [FileTemplates.File] {
    try value?.pairs().map { path, content in
      do { return FileTemplates.File(path: try Template(path), content: try content.template()) } catch let problem
        as EnvironmentError where problem.file == nil
      { throw content.error(problem.message) }
    } ?? []
  }

  private func arm(
    _ value: YAMLValue, preamble: String?, criterion: Criterion?, explorable: Bool, places: [URL]
  ) throws -> ArmDefinition {
    var arm = ArmDefinition()
    let fields = try value.fields(
      ["prompt", "rewards", "slots", "files", "criterion", "lead", "without"], problems)
    arm.rewards = try fields["rewards"]?.choice(ArmDefinition.Rewarded.self) ?? .gaming
    if arm.rewards == .honest, let criterion, criterion.kind == .reward, criterion.fields["honest_phrases"] == nil {
      throw value.error("a criterion of kind reward needs `honest_phrases` before honesty can be rewarded")
    }
    arm.slots = SlotLists(fields["slots"], places: places, problems)
    arm.files = try Self.files(fields["files"])
    arm.criterionFields = try fields["criterion"].map(Criterion.fields) ?? [:]
    if let lead = fields["lead"], lead.isText {
      guard try lead.text() == "exploration", explorable else {
        throw lead.error("a lead is texts for each prompt style, or `exploration` where the environment has one")
      }
      arm.startsExplored = true
    } else {
      arm.lead = try Self.textsByStyle(fields["lead"])
    }
    arm.promptName = try fields["prompt"]?.text() ?? ""
    let own = arm.promptName.isEmpty ? "" : "." + arm.promptName
    arm.prompts = try Self.prompts(in: places, stem: "prompt" + own)
    guard !arm.prompts.isEmpty else {
      throw (fields["prompt"] ?? value).error(
        "none of prompt\(own).full.md, prompt\(own).compact.md and prompt\(own).brief.txt is in the folder")
    }
    if let preamble {
      arm.preambles = try Self.prompts(in: [resources.appending(path: "preambles")], stem: preamble)
      guard !arm.preambles.isEmpty else { throw value.error("there is no preamble `\(preamble)`") }
    }
    if let part = fields["without"] { try arm.leaveOut(part.choice(PreamblePart.self), field: part) }
    return arm
  }

  /// Texts that are put into the policy's mouth, for each prompt style.
  private static func textsByStyle(_ value: YAMLValue?) throws -> [PromptStyle: [Template]] {
    var texts: [PromptStyle: [Template]] = [:]
    for (key, list) in try value?.pairs() ?? [] {
      guard let style = PromptStyle(rawValue: key) else {
        throw list.error("a prompt style is needed: full, compact or brief")
      }
      texts[style] = try list.items().map { try $0.template() }
    }
    return texts
  }

  private static func prompts(in places: [URL], stem: String) throws -> [PromptStyle: PromptText] {
    var prompts: [PromptStyle: PromptText] = [:]
    for style in [PromptStyle.full, .compact] {
      guard let file = find("\(stem).\(style.rawValue).md", in: places) else { continue }
      prompts[style] = try PromptText(full: text(of: file), file: file.path)
    }
    if let brief = find(stem + ".brief.txt", in: places) {
      prompts[.brief] = try PromptText(brief: text(of: brief), file: brief.path)
    }
    return prompts
  }

  static func find(_ name: String, in places: [URL]) -> URL? {
    places.map { $0.appending(path: name) }.first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The text of a file.
  static func text(of url: URL) throws -> String {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      let missing = !FileManager.default.fileExists(atPath: url.path)
      throw EnvironmentError(missing ? "the file is missing" : "the file cannot be read", file: url.path)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EnvironmentError("the file is not UTF-8 text", file: url.path)
    }
    return text
  }
}
