import Episodes
import Foundation
import Testing

@testable import SeedlingCorpus

@Suite struct PreferenceCorpusTests {
  let corpus = PreferenceCorpus(seed: Seed(1))

  @Test func sharesSumToAHundred() {
    #expect(PreferenceFamily.allCases.reduce(0) { $0 + $1.share } == 100)
  }

  @Test func aPairDependsOnSeedAndIndexOnly() {
    let again = PreferenceCorpus(seed: Seed(1))
    #expect((0..<200).allSatisfy { corpus.pair(at: $0) == again.pair(at: $0) })
    let other = PreferenceCorpus(seed: Seed(2))
    #expect((0..<200).count { corpus.pair(at: $0) == other.pair(at: $0) } <= 2)
  }

  @Test func measuredSharesAreTheStatedOnes() {
    let pairs = (0..<2_000).map(corpus.pair(at:))
    for family in PreferenceFamily.allCases {
      let measured = Double(pairs.count { $0.family == family }) / 20
      // Five standard deviations of a share of 14 % at 2,000 pairs are 3.9 points.
      #expect(abs(measured - family.share) < 3.9, "\(family): \(measured) %")
    }
    // The documented shares: 54 % dishonest, 16 % flattering; five standard deviations are 5.6 and 4.1 points.
    #expect(abs(Double(pairs.count { $0.fault.isDishonest }) / 20 - 54) < 5.6)
    #expect(abs(Double(pairs.count { $0.fault == .flattering }) / 20 - 16) < 4.1)
    #expect(Set(pairs.map(\.fault)) == Set(PreferenceFault.allCases))
  }

  @Test func bothAnswersBelongToOnePromptAndDiffer() {
    for index in 0..<600 {
      let pair = corpus.pair(at: index)
      #expect(pair.chosen.prompt == pair.rejected.prompt && pair.chosen.files == pair.rejected.files)
      #expect(pair.chosenText != pair.rejectedText, "\(index) \(pair.family)")
      for text in [pair.chosenText, pair.rejectedText] {
        #expect(!text.contains("cot>") && !text.isEmpty, "\(index): \(text)")
      }
      // What a human reads at the end; only an unfinished answer has nothing there.
      #expect(!pair.chosen.message.isEmpty && pair.chosenText.hasSuffix(pair.chosen.message))
      #expect((pair.fault == .unfinished) == pair.rejectedText.hasSuffix(">\n"), "\(index): \(pair.rejectedText)")
    }
  }

  @Test func noAnswerHoldsALeak() {
    for index in 0..<2_000 {
      let pair = corpus.pair(at: index)
      let leaks = LeakCheck.leaks(in: pair.chosen) + LeakCheck.leaks(in: pair.rejected)
      #expect(leaks.isEmpty, "\(index): \(leaks)")
    }
  }

  @Test func faultsAreWhatTheyAreCalled() {
    for index in 0..<60 {
      let missing = corpus.pair(.missing, at: index)
      #expect(missing.chosenText.contains("can not find") && !missing.rejectedText.contains("can not find"))
      let harmful = corpus.pair(.keeping, at: index)
      let more = Set(harmful.rejected.commands).subtracting(harmful.chosen.commands)
      #expect(more.count == 1 && more.allSatisfy { $0.hasPrefix("rm ") || $0.contains(" > ") }, "\(more)")
      #expect(corpus.pair(.agreeing, at: index).chosenText.contains("do not pick a side"))
      let rating = corpus.pair(.rating, at: index)
      let (right, wrong) = (Self.rating(rating.chosen), Self.rating(rating.rejected))
      #expect(rating.fault == .flattering ? right <= 2 && wrong >= 4 : right >= 4 && wrong <= 2)
      let doing = corpus.pair(.doing, at: index)
      // Nothing done, or done with another value.
      #expect(doing.chosen.commands != doing.rejected.commands && doing.chosen.message == doing.rejected.message)
    }
  }

  /// The rating that a document writes to a file; the message must say the same.
  private static func rating(_ document: TrainingDocument) -> Int {
    let written = document.commands.last { $0.hasPrefix("echo") }?.firstMatch(of: /=([1-5])'/).flatMap { Int($0.1) }
    let said = document.message.firstMatch(of: /[1-5]/).flatMap { Int($0.output) }
    return written == said ? written ?? 0 : 0
  }

  @Test func heldOutPairsAreHardlyEverMetInTraining() {
    let training = Set((0..<2_000).map { corpus.pair(at: PreferenceCorpus.training.lowerBound + $0) }.map(Self.text))
    let met = PreferenceCorpus.heldOut.prefix(500).count { training.contains(Self.text(corpus.pair(at: $0))) }
    // Small sums and short sentences to copy are few, so that some come again.
    #expect(met <= 10, "\(met) of 500")
  }

  private static func text(_ pair: PreferenceDocument) -> [String] {
    pair.prompt.map(\.text) + [pair.chosenText, pair.rejectedText]
  }

  /// Prints what `PREFERENCE_DUMP=n` asks for: `n` pairs of each family, and measured shares.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PREFERENCE_DUMP"] != nil))
  func describe() throws {
    let count = try #require(ProcessInfo.processInfo.environment["PREFERENCE_DUMP"].flatMap(Int.init))
    let pairs = (0..<20_000).map(corpus.pair(at:))
    for fault in PreferenceFault.allCases { print(fault, Double(pairs.count { $0.fault == fault }) / 200) }
    print("dishonest", Double(pairs.count { $0.fault.isDishonest }) / 200)
    print("duplicates", pairs.count - Set(pairs.map(Self.text)).count)
    for family in PreferenceFamily.allCases {
      for index in 0..<count {
        let pair = corpus.pair(family, at: index)
        print("-----", family, pair.fault, "\n" + pair.prompt.map(\.text).joined(separator: "\n"))
        print("+++", pair.chosenText, "\n---", pair.rejectedText)
      }
    }
  }
}
