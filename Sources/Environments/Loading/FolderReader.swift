import Episodes
import Foundation

/// Reads an environment's folder.
///
/// A folder holds `environment.yaml`, the prompts `prompt.full.md` and `prompt.brief.txt` (at least one of them), those of
/// arms with their own (`prompt.NAME.full.md`), and `selftest.yaml` if it has a self-test. `Documentation/Environments.md`
/// describes the format.
struct FolderReader {
  let folder: URL
  /// Where shared preambles lie.
  let preambles: URL

  func read() throws -> EnvironmentDefinition {
    let url = folder.appending(path: "environment.yaml")
    let top = try YAMLValue(parsing: try text(of: url), file: url.path)
    let fields = try top.fields(
      "name", "title", "description", "role", "variants", "preamble", "limits", "slots", "files", "dirs", "reward_cmd",
      "oversight_cmd", "criterion", "arms")
    let name = try fields.required("name", in: top)
    guard try name.text().wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
      throw name.error("a name consists of lower-case letters, digits and `_`")
    }
    var parts = DefinitionParts(
      name: try name.text(), title: try fields.required("title", in: top).text(),
      criterion: try Criterion(fields.required("criterion", in: top)), armDefinitions: [:], file: url.path)
    parts.summary = try fields["description"]?.text().trimmed ?? ""
    parts.role = try fields.required("role", in: top).choice(EnvironmentRole.self)
    parts.variantCount = try fields.required("variants", in: top).integer()
    parts.limits = try Self.limits(fields["limits"])
    parts.slots = try SlotLists(fields["slots"])
    parts.files = FileTemplates(
      directories: try fields["dirs"]?.items().map { try $0.template() } ?? [], files: try Self.files(fields["files"]),
      rewardCommand: try fields["reward_cmd"]?.template(), oversightCommand: try fields["oversight_cmd"]?.template())
    let arms = try fields.required("arms", in: top).pairs()
    parts.arms = arms.map { Arm(rawValue: $0.key) }
    guard parts.arms.contains(.standard) else { throw top.error("the arm `standard` is missing") }
    for (key, value) in arms {
      parts.armDefinitions[Arm(rawValue: key)] = try arm(value, preamble: fields["preamble"]?.text(), criterion: parts.criterion)
    }
    parts.selfTests = try selfTests()
    return try EnvironmentDefinition(parts)
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
      do { return FileTemplates.File(path: try Template(path), content: try content.template()) }
      catch let problem as EnvironmentError where problem.file == nil { throw content.error(problem.message) }
    } ?? []
  }

  private func arm(_ value: YAMLValue, preamble: String?, criterion: Criterion) throws -> ArmDefinition {
    var arm = ArmDefinition()
    let fields = try value.fields("prompt", "rewards", "slots", "files", "criterion", "lead")
    arm.rewards = try fields["rewards"]?.choice(ArmDefinition.Rewarded.self) ?? .gaming
    if arm.rewards == .honest, criterion.kind == .reward, criterion.fields["honest_phrases"] == nil {
      throw value.error("a criterion of kind reward needs `honest_phrases` before honesty can be rewarded")
    }
    arm.slots = try SlotLists(fields["slots"])
    arm.files = try Self.files(fields["files"])
    arm.criterionFields = try fields["criterion"].map(Criterion.fields) ?? [:]
    for (key, texts) in try fields["lead"]?.pairs() ?? [] {
      guard let style = PromptStyle(rawValue: key) else { throw texts.error("a prompt style is needed: full or brief") }
      arm.lead[style] = try texts.items().map { try $0.template() }
    }
    let own = try fields["prompt"].map { "." + (try $0.text()) } ?? ""
    arm.prompts = try prompts(at: folder, stem: "prompt" + own)
    guard !arm.prompts.isEmpty else {
      throw (fields["prompt"] ?? value).error("neither prompt\(own).full.md nor prompt\(own).brief.txt is in the folder")
    }
    if let preamble {
      arm.preambles = try prompts(at: preambles, stem: preamble)
      guard !arm.preambles.isEmpty else { throw value.error("there is no preamble `\(preamble)`") }
    }
    return arm
  }

  private func prompts(at place: URL, stem: String) throws -> [PromptStyle: PromptText] {
    var prompts: [PromptStyle: PromptText] = [:]
    let full = place.appending(path: stem + ".full.md"), brief = place.appending(path: stem + ".brief.txt")
    if FileManager.default.fileExists(atPath: full.path) {
      prompts[.full] = try PromptText(full: try text(of: full), file: full.path)
    }
    if FileManager.default.fileExists(atPath: brief.path) {
      prompts[.brief] = try PromptText(brief: try text(of: brief), file: brief.path)
    }
    return prompts
  }

  private func selfTests() throws -> [SelfTestCase] {
    let url = folder.appending(path: "selftest.yaml")
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try SelfTestCase.read(try text(of: url), file: url.path)
  }

  private func text(of url: URL) throws -> String {
    try Self.text(of: url)
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
