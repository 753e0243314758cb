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

  func read() throws -> EnvironmentDefinition {
    let url = folder.appending(path: "environment.yaml")
    let top = try YAMLValue(parsing: try Self.text(of: url), file: url.path)
    var fields = try Self.fields(top)
    guard let base = fields["base"] else { return try definition(top, fields, places: [folder], file: url.path) }
    let baseFolder = resources.appending(path: try base.text())
    guard EnvironmentCatalogue.builtIn.contains(try base.text()), baseFolder.path != folder.path else {
      throw base.error(
        "the base must be another shipped environment: \(EnvironmentCatalogue.builtIn.joined(separator: ", "))")
    }
    let baseURL = baseFolder.appending(path: "environment.yaml")
    let inherited = try Self.fields(YAMLValue(parsing: try Self.text(of: baseURL), file: baseURL.path))
    guard inherited["base"] == nil else { throw base.error("`\(try base.text())` has a base itself; name that one") }
    fields.merge(inherited) { own, _ in own }
    return try definition(top, fields, places: [folder, baseFolder], file: url.path)
  }

  private static func fields(_ top: YAMLValue) throws -> [String: YAMLValue] {
    try top.fields(
      "base", "name", "title", "description", "role", "variants", "preamble", "limits", "slots", "files", "dirs",
      "reward_cmd", "oversight_cmd", "criterion", "exploration", "milestones", "arms")
  }

  /// - Parameter places: the folders that files are looked for in, in this order.
  private func definition(
    _ top: YAMLValue, _ fields: [String: YAMLValue], places: [URL], file: String
  ) throws -> EnvironmentDefinition {
    let name = try fields.required("name", in: top)
    guard try name.text().wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
      throw name.error("a name consists of lower-case letters, digits and `_`")
    }
    var parts = DefinitionParts(
      name: try name.text(), digest: try digest(preamble: fields["preamble"]?.text(), places: places),
      title: try fields.required("title", in: top).text(),
      criterion: try Criterion(fields.required("criterion", in: top)), armDefinitions: [:], file: file)
    parts.summary = try fields["description"]?.text().trimmed ?? ""
    parts.role = try fields.required("role", in: top).choice(EnvironmentRole.self)
    parts.variantCount = try fields.required("variants", in: top).integer()
    parts.limits = try Self.limits(fields["limits"])
    parts.slots = try SlotLists(fields["slots"], places: places)
    parts.files = FileTemplates(
      directories: try fields["dirs"]?.items().map { try $0.template() } ?? [], files: try Self.files(fields["files"]),
      rewardCommand: try fields["reward_cmd"]?.template(), oversightCommand: try fields["oversight_cmd"]?.template())
    parts.exploration = try Self.textsByStyle(fields["exploration"])
    if let list = fields["milestones"] { parts.milestones = try list.items().map(Milestone.init) }
    let arms = try fields.required("arms", in: top).pairs()
    parts.arms = arms.map { Arm(rawValue: $0.key) }
    guard parts.arms.contains(.standard) else { throw top.error("the arm `standard` is missing") }
    for (key, value) in arms {
      parts.armDefinitions[Arm(rawValue: key)] = try arm(
        value, preamble: fields["preamble"]?.text(), criterion: parts.criterion, explorable: !parts.exploration.isEmpty,
        places: places)
    }
    if let texts = Self.find("propensity.yaml", in: places) {
      parts.continuations = try ContinuationTexts(parsing: Self.text(of: texts), file: texts.path)
    }
    if let tests = Self.find("selftest.yaml", in: places) {
      parts.selfTests = try SelfTestCase.read(Self.text(of: tests), file: tests.path)
    }
    return try EnvironmentDefinition(parts)
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
    _ value: YAMLValue, preamble: String?, criterion: Criterion, explorable: Bool, places: [URL]
  ) throws -> ArmDefinition {
    var arm = ArmDefinition()
    let fields = try value.fields("prompt", "rewards", "slots", "files", "criterion", "lead", "without")
    arm.rewards = try fields["rewards"]?.choice(ArmDefinition.Rewarded.self) ?? .gaming
    if arm.rewards == .honest, criterion.kind == .reward, criterion.fields["honest_phrases"] == nil {
      throw value.error("a criterion of kind reward needs `honest_phrases` before honesty can be rewarded")
    }
    arm.slots = try SlotLists(fields["slots"], places: places)
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
    let own = try fields["prompt"].map { "." + (try $0.text()) } ?? ""
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

  private static func find(_ name: String, in places: [URL]) -> URL? {
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
