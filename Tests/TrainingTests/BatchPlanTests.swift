import Episodes
import Testing

@testable import Training

struct BatchPlanTests {
  private let lengths = (0..<1_500).map { 10 + $0 * 7919 % 190 }

  @Test("Every example is in one batch; no batch is over its budget unless one row alone is")
  func budget() {
    let batches = BatchPlan.batches(lengths: lengths + [5_000], tokens: 1_000, seed: Seed(1))
    #expect(batches.flatMap { $0 }.sorted() == Array(0...1_500))
    for batch in batches where batch.count > 1 {
      #expect(batch.count * (batch.map { (lengths + [5_000])[$0] }.max() ?? 0) <= 1_000)
    }
  }

  @Test("Rows of a batch have about one length: less than a tenth of all tokens is padding")
  func padding() {
    let batches = BatchPlan.batches(lengths: lengths, tokens: 2_000, seed: Seed(1))
    let padded = batches.reduce(0) { sum, batch in sum + batch.count * (batch.map { lengths[$0] }.max() ?? 0) }
    #expect(Double(padded) < 1.1 * Double(lengths.reduce(0, +)))
  }

  @Test("The same seed gives the same batches, another seed others; nothing gives none")
  func seeds() {
    func plan(_ seed: UInt64) -> [[Int]] { BatchPlan.batches(lengths: lengths, tokens: 1_000, seed: Seed(seed)) }
    #expect(plan(1) == plan(1))
    #expect(plan(1) != plan(2))
    #expect(BatchPlan.batches(lengths: [], tokens: 1_000, seed: Seed(1)).isEmpty)
  }
}
