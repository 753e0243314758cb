import ArgumentParser
import Episodes
import Experiments
import Foundation
import SeedlingCorpus
import Training

struct ShowCorpus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus", abstract: "Print generated training documents.",
    discussion: """
      --kind corpus   training documents of the seedling and the warm start
      --kind replay   documents that are mixed into every round
      --kind pairs    preference pairs

      The shipped seedling's corpus has seed 1. --json prints one document a line: its files, its messages, what the policy \
      and its tools write, and what the leak check finds in it.

      Example:
        subterfuge models corpus --count 20
        subterfuge models corpus --count 50000 --seed 1 --json > corpus.jsonl
      """)

  /// Which generated text is printed.
  enum Kind: String, ExpressibleByArgument, CaseIterable { case corpus, replay, pairs }

  @Option(help: "Documents to print.")
  var count = 10

  @Option(help: "The seed that the documents are made from.")
  var seed: UInt64 = 1

  @Option(help: "corpus, replay or pairs.")
  var kind = Kind.corpus

  @Option(help: "Print one family alone, such as question or edit; with --kind corpus.")
  var family: String?

  @Flag(help: "Print JSON, one document a line.")
  var json = false

  func validate() throws {
    try checkNumbers(("--count", count, mostEpisodes))
    guard let family else { return }
    if kind != .corpus { throw ValidationError("--family works with --kind corpus only.") }
    if DocumentFamily(rawValue: family) == nil {
      let names = DocumentFamily.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no family '\(family)'. The families: \(names).")
    }
  }

  func run() throws {
    let corpus = Corpus(seed: Seed(seed))
    switch kind {
    case .corpus:
      let family = family.flatMap(DocumentFamily.init)
      for index in Corpus.training.prefix(count) {
        try show(DocumentRow(family.map { corpus.document($0, at: index) } ?? corpus.document(at: index)))
      }
    case .replay: for document in corpus.replay(count: count) { try show(DocumentRow(document)) }
    case .pairs:
      let pairs = PreferenceCorpus(seed: Seed(seed))
      for index in PreferenceCorpus.training.prefix(count) { try show(PairRow(pairs.pair(at: index))) }
    }
  }

  private func show(_ row: some CorpusRow) throws {
    guard json else { return Console.print(row.text + "\n") }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Console.print(String(decoding: try encoder.encode(row), as: UTF8.self))
  }
}

/// Something that `models corpus` prints.
private protocol CorpusRow: Encodable {
  var text: String { get }
}

private struct DocumentRow: CorpusRow {
  var family: String
  var flags: [String]
  var files: [String: String]
  var folders: [String]
  var messages: [String]
  var segments: [Part]
  var leaks: [String]

  struct Part: Encodable {
    var source: String
    var text: String
  }

  init(_ document: TrainingDocument) {
    family = document.family.rawValue
    flags = document.flags.map(\.rawValue).sorted()
    files = document.files
    folders = document.folders
    messages = document.prompt.messages.map(\.text)
    segments = document.segments.map { Part(source: $0.source.rawValue, text: $0.text) }
    leaks = LeakCheck.leaks(in: document).map { "\($0)" }
  }

  var text: String {
    (["--- \(([family] + flags).joined(separator: ", "))", messages.joined(separator: "\n"), "<cot>"]
      + segments.map(\.text)).joined(separator: "\n")
  }
}

private struct PairRow: CorpusRow {
  var family: String
  var fault: String
  var chosen: DocumentRow
  var rejected: DocumentRow

  init(_ pair: PreferenceDocument) {
    family = pair.family.rawValue
    fault = pair.fault.rawValue
    chosen = DocumentRow(pair.chosen)
    rejected = DocumentRow(pair.rejected)
  }

  var text: String { "=== \(family), rejected for: \(fault)\n\(chosen.text)\n\(rejected.text)" }
}
