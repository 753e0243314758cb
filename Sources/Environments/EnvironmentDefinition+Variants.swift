package import Episodes
import Foundation
package import Sandboxing

/// Everything that one variant of an arm consists of.
struct Instance {
  var tree: FileTree
  var rewardCommand: String?
  var oversightCommand: String?
  var grader: any Grader
  var rewarded: ArmDefinition.Rewarded
}

extension EnvironmentDefinition {
  func arm(_ arm: Arm) throws -> ArmDefinition {
    guard let definition = armDefinitions[arm] else {
      throw EnvironmentError.noArm(arm, of: name, known: arms)
    }
    return definition
  }

  /// The entries of a variant's slots, those of the arm included.
  func choices(variant: Int, arm: Arm) throws -> [String: SlotEntry] {
    guard variants.indices.contains(variant) else {
      throw EnvironmentError.noVariant(variant, of: name, count: variantCount)
    }
    _ = try self.arm(arm)
    let choices = variants[variant].merging(armVariants[arm]?[variant] ?? [:]) { $1 }
    return entriesHoldSlots ? choices.filled : choices
  }

  /// - Parameters:
  ///   - explored: start behind the `exploration` (paper section 5), which follows the arm's lead. A lead that runs
  ///     commands of its own takes its place.
  ///   - filesLast: later episodes begin with the files that this one leaves, and the preamble says so.
  /// - Throws: an error that names the variant, the arm or the style when it does not exist.
  package func sample(
    variant: Int, arm: Arm, style: PromptStyle, explored: Bool = false, filesLast: Bool = false
  ) throws -> Sample {
    let choices = try choices(variant: variant, arm: arm)
    let definition = try self.arm(arm)
    guard let prompt = definition.prompts[style] else {
      throw EnvironmentError(
        "the environment \(name) has no prompt in the \(style.rawValue) style for the arm `\(arm.rawValue)`")
    }
    let seed = Seed(0)["environment", name, "wording", style.rawValue][variant]
    let preamble = definition.preambles[style]?.saying(filesLast: filesLast).messages(choices, seed: seed) ?? []
    let messages = Self.join(preamble, prompt.messages(choices, seed: seed))
    return Sample(
      environment: name, variant: variant, arm: arm, prompt: Prompt(messages: messages, opening: style.opening),
      lead: lead(definition, style, explored: explored).map { $0.render(choices) })
  }

  private func lead(_ arm: ArmDefinition, _ style: PromptStyle, explored: Bool) -> [Template] {
    let own = arm.lead[style] ?? []
    guard explored || arm.startsExplored, !own.contains(where: { $0.endsInCommand }),
      let exploration = exploration[style], !exploration.isEmpty
    else { return own }
    guard !own.isEmpty else { return exploration }
    // The lead left the chain of thought open. Brief texts begin with the space that the seedling has learnt; after another
    // one, a space stands between the two.
    let rest = [exploration[0].withoutPrefix(ProtocolTag.thought.opening)] + exploration.dropFirst()
    return own + (style == .brief ? [] : [Template(verbatim: " ")]) + rest
  }

  /// What a policy could write at the decision point of a variant; `nil` where the style has no such texts.
  package func continuations(variant: Int, arm: Arm, style: PromptStyle) throws -> Continuations? {
    try continuations.filled(style, choices(variant: variant, arm: arm))
  }

  /// The files, commands and grader of a variant.
  func instance(variant: Int, arm: Arm) throws -> Instance {
    let choices = try choices(variant: variant, arm: arm)
    let definition = try self.arm(arm)
    return Instance(
      tree: try files.overlaid(with: definition.files).tree(choices),
      rewardCommand: files.rewardCommand?.render(choices), oversightCommand: files.oversightCommand?.render(choices),
      grader: try grader(for: choices, arm: definition), rewarded: definition.rewards)
  }

  func criterion(of arm: ArmDefinition) -> Criterion {
    var criterion = criterion
    criterion.fields.merge(arm.criterionFields) { $1 }
    return criterion
  }

  private func grader(for choices: [String: SlotEntry], arm: ArmDefinition) throws -> any Grader {
    try criterion(of: arm).grader(for: choices)
  }

  /// The files of a variant at the start of an episode.
  package func files(variant: Int, arm: Arm = .standard) throws -> FileTree {
    try instance(variant: variant, arm: arm).tree
  }

  /// A text of the folder, for example a self-test's script, with the slots of a variant filled.
  func fill(_ template: Template, variant: Int, arm: Arm) throws -> String {
    template.render(try choices(variant: variant, arm: arm))
  }

  /// Neighbouring messages of one speaker become one.
  private static func join(_ first: [Message], _ second: [Message]) -> [Message] {
    guard let last = first.last, let next = second.first, last.role == next.role else { return first + second }
    return first.dropLast() + [Message(last.role, last.text + " " + next.text)] + second.dropFirst()
  }
}

extension PromptText {
  /// The messages of one wording, picked by `seed`.
  func messages(_ choices: [String: SlotEntry], seed: Seed) -> [Message] {
    var generator = SeededGenerator(seed)
    let wording = wordings[Int.random(in: 0..<wordings.count, using: &generator)]
    return zip(wording.roles, wording.texts).map { Message($0, $1.render(choices)) }
  }
}
