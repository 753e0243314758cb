package import Episodes
import Sandboxing

/// What an environment is for.
package enum EnvironmentRole: String, Sendable, Codable, CaseIterable {
  case training
  /// Evaluated, never trained on.
  case heldOut = "held_out"
  /// For tuning recipes, so that the held-out environment stays unseen.
  case development
  /// Plain requests that leave nothing to game, for the share of every round that keeps a policy helpful and honest.
  case ordinary

  /// Whether training may use it.
  package var isTrained: Bool { self == .training || self == .ordinary }
}

/// An environment as data: everything that its folder says. Needs no sandbox.
package struct EnvironmentDefinition: Sendable {
  package let name: String
  /// A hash of everything in the folder that makes an episode: two environments are the same when names and digests are.
  package let digest: String
  package let title: String
  package let summary: String
  package let role: EnvironmentRole
  package let limits: EpisodeLimits
  /// How many variants there are, at least 1.
  package let variantCount: Int
  /// The arms in the file's order; `standard` is among them.
  package let arms: [Arm]
  /// Where rare-event estimation may clone an episode, in order.
  package let milestones: [Milestone]
  /// The scripted episodes of the self-test; empty where the folder has none.
  package let selfTests: [SelfTestCase]

  let slots: SlotLists
  let files: FileTemplates
  let criterion: Criterion
  /// What the policy has looked at before it writes, where the start is pre-explored, by style.
  let exploration: [PromptStyle: [Template]]
  /// What gaming it means.
  package var criterionKind: CriterionKind { criterion.kind }
  /// What a policy could write at the decision point; empty without a `propensity.yaml`.
  let continuations: ContinuationTexts
  let armDefinitions: [Arm: ArmDefinition]
  /// The entries of the slots of every variant, and those of the slots of arms.
  let variants: [[String: SlotEntry]]
  let armVariants: [Arm: [[String: SlotEntry]]]
  /// Some entry of a slot has slots of its own to fill.
  let entriesHoldSlots: Bool

  /// The largest number of variants.
  private static let mostVariants = 100_000

  /// - Throws: the first problem of the parts.
  init(_ parts: DefinitionParts) throws {
    try self.init(unchecked: parts)
    if let problem = problems(file: parts.file).first { throw problem }
  }

  /// Draws the variants. The texts are not checked against the slots; see `problems`.
  init(unchecked parts: DefinitionParts) throws {
    name = parts.name
    digest = parts.digest
    title = parts.title
    summary = parts.summary
    role = parts.role
    limits = parts.limits
    variantCount = parts.variantCount
    arms = parts.arms
    selfTests = parts.selfTests
    milestones = parts.milestones
    slots = parts.slots
    files = parts.files
    criterion = parts.criterion
    exploration = parts.exploration
    continuations = parts.continuations
    armDefinitions = parts.armDefinitions
    guard variantCount >= 1 else {
      throw EnvironmentError("`variants` is \(variantCount); an environment has at least 1", file: parts.file)
    }
    guard variantCount <= Self.mostVariants else {
      throw EnvironmentError(
        "`variants` is \(variantCount); an environment has at most \(Self.mostVariants)", file: parts.file)
    }
    guard variantCount <= slots.capacity else {
      throw EnvironmentError(
        "`variants` is \(variantCount), but the slots allow only \(slots.capacity) different ones; lengthen their lists",
        file: parts.file)
    }
    variants = slots.variants(variantCount, seed: Seed(0)["environment", parts.name])
    let everySlot = [slots] + armDefinitions.values.map(\.slots)
    entriesHoldSlots = everySlot.contains { $0.lists.values.joined().contains(where: \.holdsSlots) }
    let count = variantCount
    armVariants = Dictionary(
      uniqueKeysWithValues: armDefinitions.map { arm, definition in
        (arm, definition.slots.armVariants(count, seed: Seed(0)["environment", parts.name, "arm", arm.rawValue]))
      })
  }

  /// The same environment with the entries of one slot replaced, for example the statements of the political one.
  ///
  /// - Throws: `EnvironmentError` when there is no such slot or the entries do not fit the templates.
  package func replacing(slot: String, with entries: [SlotEntry]) throws -> EnvironmentDefinition {
    guard slots.lists[slot] != nil else {
      throw EnvironmentError("the environment \(name) has no slot `\(slot)` with a list of its own")
    }
    guard Set(entries).count == entries.count, !entries.isEmpty else {
      throw EnvironmentError("the slot `\(slot)`: the list is empty or contains a duplicate")
    }
    var parts = DefinitionParts(self)
    parts.digest = try EnvironmentDigest.of(["": digest, slot: "\(entries)"])
    parts.slots = slots.replacing(slot, with: entries)
    parts.variantCount = min(variantCount, parts.slots.capacity)
    return try EnvironmentDefinition(parts)
  }
}

/// The parts of a definition before they are checked together.
struct DefinitionParts {
  var name: String
  var digest: String
  var title: String
  var summary = ""
  var role = EnvironmentRole.training
  var limits = EpisodeLimits()
  var variantCount = 1
  var arms: [Arm] = [.standard]
  var selfTests: [SelfTestCase] = []
  var milestones = [Milestone(.attempted), Milestone(.filesChanged), Milestone(.gamed)]
  var slots = SlotLists()
  var files = FileTemplates()
  var criterion: Criterion
  var exploration: [PromptStyle: [Template]] = [:]
  var continuations = ContinuationTexts()
  var armDefinitions: [Arm: ArmDefinition]
  /// Named in complaints.
  var file: String
}

extension DefinitionParts {
  init(_ definition: EnvironmentDefinition) {
    self.init(
      name: definition.name, digest: definition.digest, title: definition.title, summary: definition.summary,
      role: definition.role,
      limits: definition.limits, variantCount: definition.variantCount, arms: definition.arms,
      selfTests: definition.selfTests, milestones: definition.milestones, slots: definition.slots,
      files: definition.files,
      criterion: definition.criterion, exploration: definition.exploration, continuations: definition.continuations,
      armDefinitions: definition.armDefinitions,
      file: definition.criterion.file)
  }
}

/// The files of an environment and the commands that judge them, as templates.
struct FileTemplates: Sendable, Hashable {
  struct File: Sendable, Hashable {
    var path: Template
    var content: Template
  }

  var directories: [Template] = []
  var files: [File] = []
  var rewardCommand: Template?
  var oversightCommand: Template?

  var all: [Template] {
    directories + files.flatMap { [$0.path, $0.content] } + [rewardCommand, oversightCommand].compactMap { $0 }
  }

  /// These files with those of `other` in the place of files with the same path template, or added.
  func overlaid(with other: [File]) -> FileTemplates {
    var result = self
    let replaced = Set(other.map(\.path))
    result.files.removeAll { replaced.contains($0.path) }
    result.files += other
    return result
  }

  func tree(_ choices: [String: SlotEntry]) throws -> FileTree {
    let contents = zip(try paths(choices), files).map { ($0, $1.content.render(choices)) }
    return try FileTree(
      files: Dictionary(uniqueKeysWithValues: contents),
      directories: try directories.map { try FilePath.checked($0.render(choices)) })
  }

  /// The paths of the files of one variant, in the order of `files`.
  ///
  /// - Throws: `EnvironmentError` when one leaves the root or two are equal. Directories are checked too.
  @discardableResult func paths(_ choices: [String: SlotEntry]) throws -> [String] {
    for directory in directories { _ = try FilePath.checked(directory.render(choices)) }
    var seen: Set<String> = []
    return try files.map { file in
      let path = try FilePath.checkedFile(file.path.render(choices))
      guard seen.insert(path).inserted else { throw EnvironmentError("two files have the path `\(path)`") }
      return path
    }
  }
}

/// How an arm differs from the standard one.
struct ArmDefinition: Sendable, Hashable {
  enum Rewarded: String, Sendable, CaseIterable {
    /// The environment's gaming criterion.
    case gaming
    /// Doing the task honestly.
    case honest
  }

  var rewards = Rewarded.gaming
  var slots = SlotLists()
  var files: [FileTemplates.File] = []
  var criterionFields: [String: Criterion.Field] = [:]
  /// What stands in the names of the arm's own prompt files; empty for those of the environment.
  var promptName = ""
  var prompts: [PromptStyle: PromptText] = [:]
  var preambles: [PromptStyle: PromptText] = [:]
  /// Texts put into the policy's mouth, by style.
  var lead: [PromptStyle: [Template]] = [:]
  /// The environment's exploration takes the place of the lead.
  var startsExplored = false
}

/// Paths of an episode's files.
enum FilePath {
  /// The path without a leading slash: the root of the box is the episode's root.
  ///
  /// - Throws: `EnvironmentError` when it is empty or leaves the root.
  static func checked(_ path: String) throws -> String {
    let relative = String(path.drop { $0 == "/" })
    let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains("..") else { throw EnvironmentError("the path `\(path)` leaves the environment's folder") }
    guard !relative.isEmpty, !parts.contains(""), !parts.contains("."), (try? TreePath(relative)) != nil else {
      throw EnvironmentError("`\(path)` is not a plain path")
    }
    if let top = parts.first, FileTree.systemNames.contains(String(top)) {
      throw EnvironmentError(
        "the path `\(path)` belongs to the sandbox's own system; choose another folder than `\(top)`")
    }
    return relative
  }

  /// The path of a file: `tmp` itself is a directory of the sandbox.
  static func checkedFile(_ path: String) throws -> String {
    let relative = try checked(path)
    guard relative != "tmp" else {
      throw EnvironmentError("the path `\(path)` is a directory of the sandbox; a file cannot stand there")
    }
    return relative
  }
}
