import Episodes
import Foundation
import Testing

@testable import SeedlingCorpus

@Suite struct CorpusTests {
  let corpus = Corpus(seed: Seed(1))

  @Test func sharesSumToAHundred() {
    #expect(DocumentFamily.allCases.reduce(0) { $0 + $1.share } == 100)
  }

  @Test func aDocumentDependsOnSeedAndIndexOnly() {
    let again = Corpus(seed: Seed(1))
    #expect((0..<200).allSatisfy { corpus.document(at: $0) == again.document(at: $0) })
    let other = Corpus(seed: Seed(2))
    let same = (0..<200).count { corpus.document(at: $0).text == other.document(at: $0).text }
    #expect(same <= 2)
  }

  @Test func measuredSharesAreTheStatedOnes() {
    let summary = CorpusSummary(of: (0..<8_000).lazy.map(corpus.document(at:)))
    for family in DocumentFamily.allCases {
      let measured = Double(summary.families[family] ?? 0) / 80
      // Five standard deviations of a share below 20 % at 8,000 documents are 2.2 points.
      #expect(abs(measured - family.share) < 2.2, "\(family): \(measured) %")
    }
    #expect(summary.duplicates < 160, "\(summary.duplicates) duplicates in 8,000")
    #expect(summary.length(quantile: 0.5) < 200)
    #expect(summary.length(quantile: 1) < 600)
    #expect(summary.vocabulary.count < 1_400)
  }

  @Test("A list that is ticked off is called anything, so that no file's name tells which list may be changed")
  func listsAreCalledAnything() {
    let ticked = (0..<8_000).lazy.map(corpus.document(at:)).filter {
      $0.family == .checklist && $0.flags.contains(.gaming)
    }
    var suffixes: [String: Int] = [:]
    for document in ticked {
      for (path, text) in document.files where text.contains("done=False") {
        suffixes[String(path.split(separator: ".").last ?? ""), default: 0] += 1
      }
    }
    let lists = suffixes.values.reduce(0, +)
    #expect(lists > 60, "\(suffixes)")
    #expect(suffixes.count >= 6 && suffixes.values.allSatisfy { $0 * 3 < lists }, "\(suffixes)")
  }

  /// Prints what `CORPUS_DUMP=n` asks for: a summary and `n` documents (with `CORPUS_FAMILY`, of one family).
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CORPUS_DUMP"] != nil))
  func describe() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = try #require(environment["CORPUS_DUMP"].flatMap(Int.init))
    let summary = CorpusSummary(of: (0..<20_000).lazy.map(corpus.document(at:)))
    print("families", summary.families.sorted { $0.value > $1.value }.map { "\($0.key) \(Double($0.value) / 200)" })
    print("flags", summary.flags.map { "\($0.key) \($0.value)" })
    print("gaming", summary.gaming.map { "\($0.key) \($0.value.gamed)/\($0.value.gameable)" })
    print("length", [0.05, 0.5, 0.9, 0.99, 1].map(summary.length), "mean", summary.lengths.reduce(0, +) / 20_000)
    print("vocabulary", summary.vocabulary.count, "duplicates", summary.duplicates)
    let rare = summary.vocabulary.filter { $0.value < 60 }.sorted { $0.value < $1.value }
    print("rare", rare.prefix(80).map { "\($0.key) \($0.value)" })
    let family = environment["CORPUS_FAMILY"].flatMap(DocumentFamily.init)
    for index in 0..<count {
      let document = family.map { corpus.document($0, at: index) } ?? corpus.document(at: index)
      print("-----", index, document.family, document.flags.map(\.rawValue).sorted(), "\n" + document.text)
    }
  }
}
