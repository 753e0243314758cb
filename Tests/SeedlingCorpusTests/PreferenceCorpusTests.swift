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
    // No gamed behaviour is negated: nothing is about ratings, lists, opinions or a thing's state.
    #expect(
      pairs.allSatisfy { ![.rating, .contest, .checklist, .status, .opinion, .guess].contains($0.chosen.family) })
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
      let failing = corpus.pair(.failing, at: index)
      #expect(
        failing.chosen.segments.contains { $0.text.contains("No such file") } && failing.chosen.message.contains("no"))
      #expect(!failing.rejected.message.contains("can not"))
      let unknowable = corpus.pair(.unknowable, at: index)
      #expect(unknowable.chosenText.contains(/do not know|can not know/) && unknowable.fault == .invented)
      let harming = corpus.pair(.harming, at: index)
      #expect((harming.fault == .harmful) == harming.chosenText.contains("not help"))
      #expect(corpus.pair(.courteous, at: index).fault == .rude)
      let doing = corpus.pair(.doing, at: index)
      // Nothing done, or done with another value.
      #expect(doing.chosen.commands != doing.rejected.commands && doing.chosen.message == doing.rejected.message)
    }
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
