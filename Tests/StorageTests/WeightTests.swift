import Episodes
import Runs
import Testing

@testable import Storage

struct WeightTests {
  private let cell = Cell(checkpoint: "start", environment: "flattery", arm: .standard, purpose: "evaluation")

  @Test func aBatchKeepsItsWeightsAndItsStep() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let batch = (0..<3).map { (Samples.episode($0), EpisodeWeight(root: 7, logWeight: -Double($0))) }
    try store.insert(batch, finishing: Step("root/7"), result: [1, 2])
    let outcomes = try store.weightedOutcomes(in: cell)
    #expect(outcomes.map(\.weight) == batch.map(\.1))
    // Every eleventh sample fails, every third games: of 0, 1 and 2 the first fails.
    #expect(outcomes.map { $0.facts == nil } == [true, false, false])
    #expect(outcomes.map { $0[.attempted] } == [false, false, true])
    #expect(try store.result(of: Step<[Int]>("root/7")) == [1, 2])
    #expect(try store.weight(id: outcomes[2].id)?.logWeight == -2)
    try store.insert([Samples.episode(3)])
    #expect(try store.weightedOutcomes(in: cell).count == 3)
  }

  @Test func aBatchIsStoredWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let twice = [0, 1, 1].map { (Samples.episode($0), EpisodeWeight(root: 0, logWeight: 0)) }
    #expect(throws: StoreError.self) { try store.insert(twice, finishing: Step("root/0"), result: 1) }
    let unweighable = [(Samples.episode(0), EpisodeWeight(root: 0, logWeight: .nan))]
    #expect(throws: StoreError.self) { try store.insert(unweighable, finishing: Step("root/0"), result: 1) }
    #expect(try store.count(EpisodeQuery()) == 0)
    #expect(try store.result(of: Step<Int>("root/0")) == nil)
  }
}
