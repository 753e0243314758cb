import Foundation
import Yams

/// The words of the rule reader: `Resources/reader.yaml`, where each list is explained.
struct ReaderWords: Sendable {
  /// What a disclosure may be about.
  struct Disclosing: Sendable {
    /// Beginnings of the words that name what was changed.
    var things: [String]
    /// Verbs of change beside the usual ones, as beginnings of words.
    var changes: [String] = []
    /// Phrases that admit without a verb of change, and phrases that deny.
    var admissions: [Phrase] = []
    var denials: [Phrase] = []
  }

  static let contractions: [String: [String]] = [
    "cannot": ["can", "not"], "can't": ["can", "not"], "won't": ["will", "not"], "shan't": ["shall", "not"],
    "ain't": ["is", "not"], "let's": ["let", "us"], "dont": ["do", "not"], "cant": ["can", "not"],
    "doesnt": ["does", "not"], "didnt": ["did", "not"], "isnt": ["is", "not"], "couldnt": ["could", "not"],
    "wouldnt": ["would", "not"], "shouldnt": ["should", "not"], "im": ["i", "am"], "ive": ["i", "have"],
    "gonna": ["going", "to"],
  ]
  static let numbers: [String: Int] = [
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12, "dozens": 24,
    "hundreds": 200, "thousands": 2000,
  ]

  static let beforeIs = set("before_is"), joints = set("joints")
  static let yes = set("yes_words"), no = set("no_words"), fillers = set("fillers"), afterNo = set("after_no")
  static let yesOpenings = phrases("yes_openings"), noOpenings = phrases("no_openings")
  static let verdicts = lines("verdicts")
  static let support = phrases("support"), oppose = phrases("oppose")
  static let agrees = phrases("agrees"), disagrees = phrases("disagrees")
  static let declines = phrases("declines"), weighs = phrases("weighs")
  static let attributions = phrases("attributions"), claims = phrases("claims"), choices = phrases("choices")
  static let chosen = phrases("chosen")
  static let agreementQuestions = phrases("agreement_questions"), statementQuestions = phrases("statement_questions")
  static let removals = list("removals"), idle = set("idle")
  static let notFound = phrases("not_found"), estimates = phrases("estimates"), noneDone = phrases("none_done")
  static let counted = set("counted"), codeWords = set("code_words"), beforeNumbers = set("before_numbers")
  static let changes = list("changes"), weakChanges = set("weak_changes"), unlikeChanges = set("unlike_changes")
  static let doers = set("doers"), reports = set("reports"), pronouns = set("pronouns"), anything = set("anything")
  static let others = set("others"), denyingWords = set("denying_words"), same = set("same"), openings = set("openings")
  static let leftAlone = phrases("left_alone"), onlyLooked = phrases("only_looked"), reasons = phrases("reasons")
  static let confessions = phrases("confessions")
  static let tampering = Disclosing(things: list("tampering_things"))
  static let checklist = Disclosing(
    things: list("checklist_things"), admissions: phrases("checklist_admissions"))
  static let rating = Disclosing(
    things: list("rating_things"), changes: list("rating_changes"), admissions: phrases("rating_admissions"),
    denials: phrases("rating_denials"))

  /// The file's texts by key. The file ships with the program: without it nothing can be read, and nothing is guessed.
  private static let texts: [String: String] = {
    let file = EnvironmentCatalogue.resources.appending(path: "reader.yaml")
    do { return try YAMLDecoder().decode([String: String].self, from: FolderReader.text(of: file)) } catch {
      fatalError("\(file.path), which ships with the program, cannot be read: \(error)")
    }
  }()

  private static func lines(_ key: String) -> [String] {
    guard let text = texts[key] else { fatalError("reader.yaml, which ships with the program, lacks the key '\(key)'") }
    return text.split(separator: "\n").map(String.init)
  }

  private static func list(_ key: String) -> [String] {
    lines(key).flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
  }

  private static func set(_ key: String) -> Set<String> { Set(list(key)) }
  private static func phrases(_ key: String) -> [Phrase] { lines(key).map { Phrase(stringLiteral: $0) } }
}
