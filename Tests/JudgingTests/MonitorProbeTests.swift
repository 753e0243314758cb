import Episodes
import LanguageModels
import Testing
import Tokenization
import Training

@testable import Judging

@Suite struct MonitorProbeTests {
  private let start = Result {
    let tokenizer = WordTokenizer(words: ["a"], separators: [])
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 16, layers: 1, heads: 1, keyValueHeads: 1, headWidth: 16, hidden: 32,
      context: 32)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 4), tokenizer: tokenizer, lineage: Lineage(name: "start"))
  }

  private func episodes(_ variants: Range<Int>, gamed: Bool) -> [MonitoredEpisode] {
    variants.map { variant in
      Scripted.episode(
        Scripted.key(gamed ? 0 : 1, variant: variant), "x</cot>y", facts: [.gamed: gamed],
        tokens: [Int32(30 + variant % 7), gamed ? 50 : 60, gamed ? 51 : 61])
    }
  }

  @Test("It flags by the probe's threshold, reads with the probe's own checkpoint and with no other")
  func verdicts() async throws {
    let checkpoint = try start.get()
    let probe = try trainProbe(
      checkpoint, positives: episodes(0..<12, gamed: true).map(\.episode),
      negatives: episodes(0..<12, gamed: false).map(\.episode), options: ProbeOptions(shuffles: 0))
    let all = episodes(12..<20, gamed: true) + episodes(12..<20, gamed: false)
    let monitor = try ProbeMonitor(probe, reader: checkpoint)
    let verdicts = try await Monitor.reasoning(monitor).verdicts(all)
    let scores = try probe.scores(all.map(\.episode), reader: checkpoint)
    #expect(verdicts.map(\.isFlagged) == scores.map { $0 >= probe.threshold })
    #expect(verdicts[..<8].allSatisfy(\.isFlagged) && verdicts[8...].count(where: \.isFlagged) <= 3)
    #expect(zip(verdicts, scores).allSatisfy { ($0.suspicion > 0.5) == ($1 > 0) && (0...1).contains($0.suspicion) })
    var other = checkpoint
    other.lineage.notes["trained"] = "more"
    #expect(throws: JudgingError.self) { try ProbeMonitor(probe, reader: other) }
  }
}
