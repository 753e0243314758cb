import Environments
import Episodes
import Foundation
import Sandboxing
import Statistics
import Storage
import Testing

@testable import Experiments

@Suite struct AdaptedProposalTests {
  @Test("Weights keep their order, and half of the lessons count at least")
  func tempered() {
    // Equal within a factor of two: (1 + 0.5)^2 / (1 + 0.25) = 1.8 of 2 effective lessons, left as they are.
    let mild = AdaptedProposal.tempered([0, log(0.5)])
    #expect(mild[0] == 1 && abs(mild[1] - 0.5) < 1e-12)
    // One large weight among ten: the power leaves (1 + 9 x)^2 / (1 + 9 x^2) = 5, so 36 x^2 + 18 x - 4 = 0.
    let uneven = AdaptedProposal.tempered([0] + [Double](repeating: -20, count: 9))
    #expect(uneven[0] == 1)
    for weight in uneven.dropFirst() { #expect(abs(weight - (-18 + 900.0.squareRoot()) / 72) < 1e-6) }
  }

  @Test("The seedling learns its own way to the event, and its rate is that of plain episodes")
  func learnsTheWay() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapted-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let environment = FolderEnvironment(try EnvironmentCatalogue.load("political"), sandbox: try await Sandbox())
    let estimation = RareEventEstimation(
      name: "adapted", policy: "seedling", seed: 3, environment: environment.name, arm: .standard,
      method: .importance(proposals: [.adapted(stages: 1, episodes: 480, epochs: 4)], share: 0.4, milestones: []),
      sampling: Sampling(concurrency: 32))
    func run(_ draws: Int) async throws -> RareEventReport {
      try await estimation.run(
        in: RunFolder(folder), environment: environment, event: .gamed, draws: draws, tokens: nil, codeRevision: "abc",
        report: { _ in })
    }
    let report = try await run(320)
    guard case .importance(let estimate, let sources, let pilotTokens, let difference) = report.finding else {
      Issue.record("another method")
      return
    }
    #expect(sources.map(\.name) == ["target", "adapted 1"] && sources.map(\.drawn).reduce(0, +) == 320)
    #expect(pilotTokens > 0 && difference < 1e-4)
    // Seldom by itself (14 of 256), more often once it has learnt how.
    let shares = sources.map { Double($0.events) / Double($0.drawn) }
    #expect(shares[1] > 1.5 * shares[0])
    let plain = try RunStore(reading: folder)
      .weightedOutcomes(in: Cell(checkpoint: "start", environment: "political", arm: .standard, purpose: "importance"))
    #expect(plain.count == sources[0].drawn)
    guard case .usable(let value) = estimate.verdict else {
      Issue.record("refused: \(estimate.verdict)")
      return
    }
    #expect(value.interval.lower < shares[0] + 0.05 && value.interval.upper > shares[0] - 0.05)
    #expect(report.text.contains("adapted 1"))
    // Asked again, nothing is played.
    #expect(try await run(320).text == report.text)
  }
}
