import Episodes
import Foundation
import LanguageModels
import MLX
import SeedlingCorpus
import Testing
import Tokenization

@testable import Training

@Suite struct PreferenceTrainingTests {
  @Test("The loss is -log sigmoid(chosen - rejected - margin) plus the centring term, worked by hand")
  func loss() throws {
    // Leads 2, 0 and -1 - 1: log(1 + e^-2) = 0.126928, log 2 = 0.693147, log(1 + e^2) = 2.126928. The sums are 4, 0 and 3:
    // 0.01 of their squares is 0.16, 0 and 0.09.
    let losses = try BradleyTerry.losses(
      chosen: MLXArray([3, 0, 1] as [Float]), rejected: MLXArray([1, 0, 2] as [Float]),
      margins: MLXArray([0, 0, 1] as [Float]), centring: 0.01)
    #expect(largestDifference(try losses.asArray(Float.self), [0.286928, 0.693147, 2.216928]) < 1e-5)
    #expect(abs(BradleyTerry.loss(lead: 2) - 0.126928) < 1e-6 && abs(BradleyTerry.loss(lead: -2) - 2.126928) < 1e-6)
    #expect(BradleyTerry.loss(lead: -800) == 800 && BradleyTerry.loss(lead: 800) == 0)
    #expect(abs(BradleyTerry.probability(lead: 1) - 0.731059) < 1e-6)
  }

  @Test("Where both scores are equal the gradient is one half, so that a head of zeros learns")
  func gradientAtZero() throws {
    let result = try valueAndGrad([MLXArray([0] as [Float]), MLXArray([0] as [Float])]) {
      try BradleyTerry.losses(chosen: $0[0], rejected: $0[1], margins: MLXArray([0] as [Float]), centring: 1).sum()
    }
    #expect(try result.gradients.map { try $0.asArray(Float.self) } == [[-0.5], [0.5]])
  }

  @Test("A tiny model learns which answer repeats the prompt, on pairs that it has not seen")
  func learns() throws {
    let held = PreferenceSamples.copying(1_000..<1_100)
    let model = try trainPreferenceModel(
      PreferenceSamples.base(), on: PreferenceSamples.copying(0..<400), reference: held,
      options: PreferenceSamples.options(steps: 150, tokens: 800), lineage: Lineage(name: "copying"))
    let evaluation = try model.evaluatePreferences(on: held)
    #expect(evaluation.overall.total == 100 && evaluation.overall.correct >= 90, "\(evaluation.overall)")
    #expect(evaluation.kinds["even"]?.total == 50 && evaluation.kinds["odd"]?.total == 50)
    #expect(evaluation.logLoss < 0.4)
    // The reference is of these 200 answers: normalised, they are centred on one half.
    let reference = try #require(model.heads["preference"]?.reference)
    let raw = try model.rawPreferenceScores(held.flatMap { [($0.prompt, $0.chosen), ($0.prompt, $0.rejected)] })
    #expect(reference.count == 200 && abs(raw.reduce(0, +) / 200 - reference.mean) < 1e-6)
    let normalized = raw.map(reference.normalized)
    #expect(normalized.allSatisfy { (0...1).contains($0) } && abs(normalized.reduce(0, +) / 200 - 0.5) < 0.1)
  }

  @Test("A run that was stopped and gone on with ends with the same bits; another one's state is refused")
  func resuming() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "preference-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let (base, options) = (try PreferenceSamples.base(), PreferenceSamples.options(steps: 7))
    func train(_ state: StateFile?, pairs count: Int = 40, stoppingAfter limit: Int = .max) throws -> (String, [Int]) {
      var steps: [Int] = []
      let model = try trainPreferenceModel(
        base, on: PreferenceSamples.copying(0..<count), options: options, lineage: Lineage(name: "p"), state: state
      ) {
        steps.append($0.step)
        return $0.step == limit ? .stop : .more
      }
      return (try model.digest(), steps)
    }
    let whole = try train(nil)
    #expect(whole.1 == Array(1...7))
    _ = try train(StateFile(file, interval: 2), stoppingAfter: 5)
    let resumed = try train(StateFile(file, interval: 2))
    #expect(resumed.1 == [5, 6, 7] && resumed.0 == whole.0)
    #expect(throws: ModelError.self) { try train(StateFile(file), pairs: 39) }
  }

  @Test("Training goes on from a head; the file keeps head and reference; no pairs and no head are errors")
  func heads() throws {
    let pairs = PreferenceSamples.copying(0..<20)
    var base = try PreferenceSamples.base()
    #expect(throws: ModelError.self) { try base.evaluatePreferences(on: pairs) }
    #expect(throws: ModelError.self) {
      try trainPreferenceModel(base, on: [], options: PreferenceSamples.options(steps: 1), lineage: base.lineage)
    }
    base.heads["preference"] = ScalarHead(weight: (0..<32).map { Float($0) / 32 }, bias: 2)
    let same = try trainPreferenceModel(
      base, on: pairs, options: PreferenceSamples.options(steps: 1, rate: 0), lineage: Lineage(name: "same"))
    #expect(same.heads["preference"]?.weight == base.heads["preference"]?.weight)
    let file = FileManager.default.temporaryDirectory.appending(path: "preference-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try same.write(to: file)
    #expect(try ModelCheckpoint(contentsOf: file).heads == same.heads)
    // All scores are the bias: there is nothing to normalise by.
    base.heads["preference"] = ScalarHead(weight: .init(repeating: 0, count: 32), bias: 2)
    #expect(throws: ModelError.self) { try base.normalized(against: pairs) }
  }

  @Test("What does not fit the context is cut from the left: the prompt's end and the answer stay")
  func cutting() throws {
    let base = try PreferenceSamples.base()
    let short = try base.tokens(of: " 7 8 ", to: [Message(.user, "1 2 3")])
    // <|user|> 1 2 3 <|end|> <|assistant|> 7 8 <|end|>, numbers being one token each: the ids from 269, behind the
    // padding, 3 roles, 8 tags, glue and 256 bytes.
    let roles = [base.tokenizer.special("<|user|>"), base.tokenizer.special("<|assistant|>")].compactMap { $0 }
    #expect(short == [roles[0], 270, 271, 272, 3, roles[1], 276, 277, 3])
    let long = try base.tokens(of: "7 8", to: [Message(.user, (0..<99).map(String.init).joined(separator: " "))])
    #expect(long.count == 64 && long.suffix(6) == [269 + 98, 3, roles[1], 276, 277, 3])
  }

  @Test("Of a pretrained model the adapter and the head learn, and the weights beneath stay")
  func adapter() throws {
    let fixture = try TorchFixture()
    let settings = LoRAConfiguration(rank: 3, alpha: 10)
    let base = try fixture.checkpoint(adapter: fixture.firstAdapter())
    var options = PreferenceSamples.options(steps: 20, rate: 2e-2)
    options.training.parts = .adapter(settings)
    // The fixture has 64 ids: rows are made here and not of text.
    let rows = (0..<8).map { row in
      TokenizedPair(chosen: [5, Int32(20 + row), 7], rejected: [5, Int32(40 + row), 7], margin: 0)
    }
    var trainer = try PreferenceTrainer(
      options.training.model(of: base), head: ScalarHead(width: 32), padding: 0, options: options, steps: 20,
      restoring: nil)
    let losses = try (0..<20).map { _ in try trainer.train(on: rows) }
    #expect(abs(losses[0].mean - 0.693147) < 1e-5 && losses[19].mean < 0.3 && losses[19].correct == 8)
    let trained = try base.trained(trainer.model, lineage: Lineage(name: "p"))
    #expect(trained.weights.isEmpty && trained.adapter != base.adapter)
    #expect(try ScalarHead(trainer.parameters).weight.contains { $0 != 0 })
  }

  /// The others are spelled in bytes.
  @Test("At least 98 of 100 words of the generated pairs are tokens of the shipped seedling")
  func vocabulary() throws {
    let seedling = try ModelCheckpoint(contentsOf: ModelCheckpoint.shippedSeedling)
    let tokenizer = try #require(seedling.tokenizer as? WordTokenizer)
    let (known, corpus) = (Set(tokenizer.words), PreferenceCorpus(seed: Seed(2)))
    var (longest, words, spelled) = (0, 0, 0)
    for index in 0..<500 {
      let pair = corpus.pair(at: index)
      for text in pair.prompt.map(\.text) + [pair.chosenText, pair.rejectedText] {
        // What tools print may hold the names of system folders.
        let said = text.replacing(/<std(out|err)>(.|\n)*?<\/std(out|err)>/, with: "").replacing(/<\/?bash>/, with: " ")
        let all = said.matches(of: /[A-Za-z]+/).map { String($0.output) }
        words += all.count
        spelled += all.count { !known.contains($0) }
      }
      longest = max(longest, try seedling.tokens(of: pair.rejectedText, to: pair.prompt).count)
    }
    #expect(longest < 600)
    #expect(words > 5_000 && spelled * 50 <= words, "\(spelled) of \(words)")
  }
}
