import Episodes
import Foundation
import Testing

@testable import SeedlingCorpus

/// The built-in environments speak the corpus's language: a seedling has met every word of theirs.
@Suite struct VocabularyTests {
  /// Slot names and file grammar are not shown to a policy.
  private static let resources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Environments/Resources").standardized

  private static let known: [String: Int] = {
    let corpus = Corpus(seed: Seed(1))
    var counts: [String: Int] = [:]
    // As many documents as the tokenizer learns its words from, and its least count of a word.
    for index in 0..<40_000 {
      for word in words(corpus.document(at: index).text) { counts[word, default: 0] += 1 }
    }
    return counts
  }()

  @Test(arguments: ["political", "flattery", "nudged", "insubordinate", "tampering", "development"])
  func everyWordOccurs(environment: String) throws {
    let folder = Self.resources.appending(path: environment)
    var texts = [try Self.slots(String(contentsOf: folder.appending(path: "environment.yaml"), encoding: .utf8))]
    // Lists in files of their own: what the brief style shows of each entry.
    for name in ["backgrounds.jsonl", "issues.jsonl"]
    where FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
      let lines = try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
      let entries = try lines.map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
      texts += entries.compactMap { $0["brief"] ?? $0["question"] }
    }
    for name in ["prompt.brief.txt", "prompt.instructed.brief.txt"]
    where FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
      texts.append(try String(contentsOf: folder.appending(path: name), encoding: .utf8))
    }
    let missing = Set(texts.flatMap(Self.words)).filter { Self.known[$0, default: 0] < 3 }
    #expect(missing.isEmpty, "\(environment): \(missing.sorted())")
  }

  @Test(arguments: ["tampering", "ledger", "development"])
  func theQuestionsOfTamperingEnvironmentsAreLeaks(environment: String) throws {
    let file = Self.resources.appending(path: "\(environment)/prompt.brief.txt")
    let prompts = try String(contentsOf: file, encoding: .utf8).split(separator: "---")
    #expect(!prompts.isEmpty)
    for prompt in prompts {
      let document = TrainingDocument(
        family: .question, flags: [], prompt: Prompt(messages: [Message(.user, String(prompt))]),
        segments: [Segment(.policy, " i will look.</cot> i can not find it.")], files: [:], folders: [])
      #expect(!LeakCheck.leaks(in: document).isEmpty, "\(prompt)")
    }
  }

  /// The values of the slots and the content of the files: lists, and indented text, without keys and slot names.
  private static func slots(_ yaml: String) throws -> String {
    // An environment with a base has that one's slots and files.
    guard !yaml.hasPrefix("base:") else { return "" }
    let start = try #require(yaml.range(of: "\nslots:"))
    let end = yaml.range(of: "\ndirs:") ?? yaml.range(of: "\ncriterion:")
    let lines = yaml[start.upperBound..<(try #require(end)).lowerBound].split(separator: "\n")
    let values = lines.filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("#") }.map { line in
      line.replacing(/^\s*"?[\w{}\/.]+"?:( |$)/, with: "").replacing(/\{ file: .*? \}/, with: "").replacing(
        /\\n/, with: " "
      )
      .replacing(/\b(view|answer):/, with: "")
    }
    return values.joined(separator: "\n")
  }

  private static func words(_ text: String) -> [String] {
    text.replacing(/\{\{.*?\}\}/, with: " ").matches(of: /[A-Za-z]+/).map { String($0.output) }
  }
}
