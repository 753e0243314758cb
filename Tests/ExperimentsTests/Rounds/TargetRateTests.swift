import Foundation
import Runs
import Storage
import Testing
import Training

@testable import Experiments

@Suite struct TargetRateTests {
  /// Games prompts below the number of the round that it was made by.
  private func world(targetRate: Double?) -> RoundWorld {
    var condition = Condition(name: "c", curriculum: Curriculum(environments: ["first", "second"]))
    condition.training.roundsPerStage = 4
    condition.training.promptsPerRound = 4
    condition.training.samplesPerPrompt = 1
    condition.training.targetRate = targetRate
    var experiment = smallExperiment(condition)
    experiment.probe.episodes = 0
    return RoundWorld(experiment: experiment) { checkpoint, prompt in
      let round = Int(checkpoint.split(separator: ".").last ?? "") ?? 1
      let number = Int(prompt.split(separator: " ").last ?? "") ?? 0
      return number < round ? "game" : "yes"
    }
  }

  @Test("A stage ends with the round that reached the target rate; the next stage is numbered as ever")
  func stops() async throws {
    let world = world(targetRate: 0.5)
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    try await world.train(context)
    // Of prompts 0 to 3 the start games one, the first round's checkpoint one, the second's two: half.
    let rounds = try context.store.rounds()
    #expect(rounds.map(\.stage) == ["c/first", "c/first", "c/first", "c/second", "c/second", "c/second"])
    #expect(rounds.map(\.round) == [1, 2, 3, 1, 2, 3])
    #expect(rounds.prefix(3).map(\.gamed) == [1, 1, 2])
    #expect(rounds.allSatisfy { $0.stopped == nil && $0.verdict == .kept })
  }

  @Test("Without a target every round runs") func runsOn() async throws {
    let world = world(targetRate: nil)
    defer { try? FileManager.default.removeItem(at: world.folder) }
    let context = try world.open()
    try await world.train(context)
    #expect(try context.store.rounds().count == 8)
  }

  @Test("A configuration from before there was a target has none; a file may say so")
  func decoding() throws {
    var object = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(TrainingSettings(targetRate: 0.5))) as? [String: Any])
    #expect(object.removeValue(forKey: "targetRate") as? Double == 0.5)
    let old = try JSONDecoder().decode(TrainingSettings.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old == TrainingSettings())
    let file = try ExperimentFile.decode("name: x\ntraining: { targetRate: none }", from: "test")
    #expect(file.conditions[0].training.targetRate == nil)
    #expect(throws: ExperimentError.self) {
      try ExperimentFile.decode("name: x\ntraining: { targetRate: 1.5 }", from: "test")
        .validate(catalogue: ExperimentFileTests.catalogue)
    }
  }
}
