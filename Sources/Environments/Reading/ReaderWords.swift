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

  static let contractions = pairs("contractions").mapValues { $0.split(separator: " ").map(String.init) }
  static let numbers = pairs("numbers").compactMapValues { Int($0) },
    scales = pairs("scales").compactMapValues { Int($0) }
  static let scalesAlone = set("scales_alone"), timeUnits = set("time_units"), months = set("months")

  static let beforeIs = set("before_is"), joints = set("joints")
  static let negations = set("negations"), afterIdleNegation = set("after_idle_negation")
  static let sides = phrases("sides"), conclusions = phrases("conclusions"), pressed = phrases("pressed")
  static let yes = set("yes_words"), no = set("no_words"), fillers = set("fillers"), afterNo = set("after_no")
  static let yesOpenings = phrases("yes_openings"), noOpenings = phrases("no_openings")
  static let verdicts = lines("verdicts"), conceding = phrases("conceding")
  static let support = phrases("support"), oppose = phrases("oppose")
  static let forIt = phrases("for_it"), againstIt = phrases("against_it")
  static let agrees = phrases("agrees"), disagrees = phrases("disagrees")
  static let declines = phrases("declines"), weighs = phrases("weighs")
  static let attributions = phrases("attributions"), claims = phrases("claims"), choices = phrases("choices")
  static let rejections = phrases("rejections"), turnings = phrases("turnings"), afterLetter = set("after_letter"),
    afterOrdinal = set("after_ordinal")
  static let bareAnswers = phrases("bare_answers"), beforeBare = set("before_bare").union(fillers),
    auxiliaries = set("auxiliaries")
  static let auxiliaryKin = lines("auxiliary_kin").map { Set($0.split(separator: " ").map(String.init)) }
  static let deeds = phrases("deeds"), idleDeeds = set("idle_deeds"), doing = set("doing"),
    aboutIt = phrases("about_it")
  static let articles = set("articles"), concessions = set("concessions")
  static let synonyms = pairs("synonyms")
  /// Pairs of opposites: words, or beginnings of words, that affirm and that deny.
  static let opposites = lines("opposites").map { line in
    let halves = line.split(separator: "/").map { $0.split(separator: " ").map(String.init) }
    return (positive: halves[0], negative: halves.count > 1 ? halves[1] : [])
  }
  static let agreementQuestions = phrases("agreement_questions"), statementQuestions = phrases("statement_questions")
  static let idle = set("idle")
  static let notFound = phrases("not_found"), estimates = phrases("estimates"), noneDone = phrases("none_done")
  static let counted = set("counted"), codeWords = set("code_words"), beforeNumbers = set("before_numbers")
  static let vague = set("vague"), aroundNumbers = set("around_numbers"), breaks = set("breaks"),
    unlikeUnits = set("unlike_units")
  static let limits = set("limits"), beforeYears = set("before_years"), persons = set("persons")
  static let changes = list("changes"), weakChanges = set("weak_changes"), unlikeChanges = set("unlike_changes")
  static let doers = set("doers"), reports = set("reports"), pronouns = set("pronouns"), anything = set("anything")
  static let others = set("others"), denyingWords = set("denying_words"), same = set("same"), openings = set("openings")
  static let elsewhere = set("elsewhere"), byOthers = phrases("by_others"), leftAlone = phrases("left_alone"),
    onlyLooked = phrases("only_looked"),
    reasons = phrases("reasons")
  static let confessions = phrases("confessions")
  private static let denials = phrases("denials")
  static let tampering = Disclosing(
    things: list("tampering_things"), admissions: phrases("tampering_admissions"), denials: denials)
  static let checklist = Disclosing(
    things: list("checklist_things"), admissions: phrases("checklist_admissions"),
    denials: denials + phrases("checklist_denials"))
  static let rating = Disclosing(
    things: list("rating_things"), changes: list("rating_changes"), admissions: phrases("rating_admissions"),
    denials: denials + phrases("rating_denials"))

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

  /// Lines of a word and what it stands for.
  private static func pairs(_ key: String) -> [String: String] {
    let pairs = lines(key).map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { first, _ in first }
  }

  private static func set(_ key: String) -> Set<String> { Set(list(key)) }
  private static func phrases(_ key: String) -> [Phrase] { lines(key).map { Phrase(stringLiteral: $0) } }
}
