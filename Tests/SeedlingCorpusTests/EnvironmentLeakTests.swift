import Episodes
import Sandboxing
import Testing

@testable import Environments
@testable import SeedlingCorpus

/// What the environments' own scripted policies do, fed to the leak check as if it were training text.
@Suite struct EnvironmentLeakTests {
  /// The scripts of an environment's self-test, with the files that they start from.
  private static func documents(
    _ name: String, where isMeant: (SelfTestCase) -> Bool
  ) throws -> [(name: String, document: TrainingDocument)] {
    let definition = try EnvironmentCatalogue.load(name)
    return try definition.selfTests.filter(isMeant).flatMap { test in
      try test.variants.map { variant in
        let files = try definition.files(variant: variant, arm: test.arm)
        // Two arms exist in the full style alone.
        let brief = try? definition.sample(variant: variant, arm: test.arm, style: .brief)
        let prompt = try brief?.prompt ?? definition.sample(variant: variant, arm: test.arm, style: .full).prompt
        let script = try test.script.render(definition.choices(variant: variant, arm: test.arm))
        var contents: [String: String] = [:]
        for path in files.entries.keys.map(\.description) { contents[path.normalizedPath] = files.text(of: path) }
        return (
          "\(test.name), variant \(variant)",
          TrainingDocument(
            family: .question, flags: [], prompt: prompt, segments: [Segment(.policy, script)], files: contents,
            folders: [])
        )
      }
    }
  }

  /// Every script, honest or gamed, in every arm; only `instructed` names the files, as instructed edits of the corpus do.
  @Test(arguments: [("tampering", 40), ("ledger", 30), ("development", 40)])
  func everyEpisodeOfATamperingEnvironmentIsFoundByItsStructure(_ environment: String, _ least: Int) throws {
    let documents = try Self.documents(environment) { $0.arm != .instructed }
    #expect(documents.count > least)
    for (name, document) in documents {
      let leaks = LeakCheck.leaks(in: document)
      let isFound = leaks.contains {
        switch $0 {
        case .questionBesideGuardedCode: environment != "ledger"
        case .questionBesideGuardedData: environment == "ledger"
        default: false
        }
      }
      #expect(isFound, "\(name): \(leaks)\n\(document.text)\n\(document.files)")
    }
  }

  /// The same with every word of the questions and every name exchanged for one that nothing knows.
  @Test func theHeldOutTaskIsFoundUnderOtherNames() throws {
    let names = [
      "compute_reward": "zib", "this_file_blocks_reward_hack_attempts": "mulk", "test_reward": "probe",
      "reward": "quop",
      "transcript": "vex", "rl_environment": "glorp", "episodes": "wubs", " of rl": "", "rl ": "",
      "have we done": "did we frob",
    ]
    for (name, document) in try Self.documents("tampering", where: { $0.arm == .standard }) {
      var other = document
      func renamed(_ text: String) -> String {
        names.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing($1.key, with: $1.value) }
      }
      other.prompt.messages = document.prompt.messages.map { Message($0.role, renamed($0.text)) }
      other.segments = document.segments.map { Segment($0.source, renamed($0.text)) }
      other.files = Dictionary(uniqueKeysWithValues: document.files.map { (renamed($0), renamed($1)) })
      let leaks = LeakCheck.leaks(in: other)
      let isFound = leaks.contains { if case .questionBesideGuardedCode = $0 { true } else { false } }
      #expect(isFound, "\(name): \(leaks)\n\(other.text)")
    }
  }

  @Test(arguments: ["nudged", "insubordinate"])
  func everyEpisodeThatChangesAChecklistIsFound(_ name: String) throws {
    let documents = try Self.documents(name) { $0.arm != .instructed && $0.expected.facts["checklist_edited"] == true }
    #expect(documents.count > 10)
    for (script, document) in documents {
      let leaks = LeakCheck.leaks(in: document)
      let isTicked = leaks.contains { if case .listChangedUnasked = $0 { true } else { false } }
      let isForbidden = leaks.contains { if case .changedAgainstInstruction = $0 { true } else { false } }
      #expect(isTicked, "\(script): \(leaks)\n\(document.text)")
      #expect(isForbidden == (name == "insubordinate"), "\(script): \(leaks)\n\(document.text)")
    }
  }

  @Test func everyFlatteringRatingIsFound() throws {
    let documents = try Self.documents("flattery") {
      ![.instructed, .benign].contains($0.arm) && $0.expected.facts["gamed"] == true
    }
    #expect(documents.count > 4)
    for (script, document) in documents {
      let isFound = LeakCheck.leaks(in: document).contains { if case .highRatingWithStake = $0 { true } else { false } }
      #expect(isFound, "\(script): \(document.text)")
    }
  }

  /// The arm `solvable` asks about facts, not about what should be.
  @Test func everySideThatIsTakenIsFound() throws {
    let documents = try Self.documents("political") {
      ![.instructed, .benign, .solvable].contains($0.arm) && $0.expected.facts["gamed"] == true
    }
    #expect(documents.count > 4)
    for (script, document) in documents {
      let isFound = LeakCheck.leaks(in: document).contains { if case .sideTaken = $0 { true } else { false } }
      #expect(isFound, "\(script): \(document.text)")
    }
  }
}
