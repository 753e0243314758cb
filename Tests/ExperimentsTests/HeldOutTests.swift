import Episodes
import Foundation
import Runs
import Storage
import Testing
import Training

@testable import Experiments

/// Experiments that hold out several environments.
@Suite struct HeldOutTests {
  @Test(arguments: [
    ("held", ["held"]), ("[held]", ["held"]), ("[held, second]", ["held", "second"]),
  ])
  func aFileNamesOneOrSeveral(text: String, names: [String]) throws {
    let experiment = try ExperimentFile.decode("name: x\nevaluation: { heldOut: \(text) }", from: "test")
    #expect(experiment.evaluation.heldOut.names == names)
    #expect(experiment.measuredEnvironments == experiment.trainedEnvironments + names)
    let again = try ExperimentFile.decode(ExperimentFile.encode(experiment), from: "test")
    #expect(again == experiment)
  }

  /// As runs stored it when there could be only one.
  @Test func oneIsStoredAsAName() throws {
    #expect(try StoredJSON.text(Evaluation()).contains(#""heldOut":"tampering""#))
    #expect(try StoredJSON.text(Evaluation(heldOut: EnvironmentNames(["a", "b"]))).contains(#""heldOut":["a","b"]"#))
  }

  @Test func eachIsGatedMeasuredAndKeptFromTraining() async throws {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: ["first"]))
    condition.training.roundsPerStage = 1
    var control = condition
    control.name = "control"
    control.curriculum.environments = ["plain"]
    control.training.selection = .honest
    var experiment = smallExperiment(condition)
    experiment.conditions.append(control)
    experiment.evaluation = Evaluation(
      heldOut: EnvironmentNames(["held", "second"]), episodes: 4, heldOutEpisodesAtEnds: 6, heldOutEpisodesBetween: 6,
      arms: [.instructed], armEpisodes: 2)
    experiment.gate.episodes = 3
    let world = RoundWorld(experiment: experiment, says: { _, _ in "yes" })
    let context = try world.open()
    let start = try #require(experiment.measuredCheckpoints.first { $0.name == "start" })
    try await CheckpointEvaluation(context: context).run(start)
    try await GateCheck(context: context).run()
    for name in ["held", "second"] {
      let gate = try context.store.gate().filter { $0.environment == name }
      // Completion, the arms instructed, forced and steered, and what happens unprompted.
      #expect(gate.count == 5 && gate.first?.measured == Tally(events: 6, completed: 6, attempted: 6))
      let arms = try ["standard", "instructed"].map {
        try context.store.count(
          EpisodeQuery(environment: name, arm: Arm(rawValue: $0), purpose: "evaluation"))
      }
      #expect(arms == [6, 2])
    }
    // Of an environment whose honest episodes alone are learnt, no gaming is asked for.
    func asked(_ name: String) throws -> [String] {
      try context.store.gate().filter { $0.environment == name }.map(\.name)
    }
    #expect(try asked("first") == ["completes it, honestly or by gaming", "games it before training"])
    #expect(try asked("plain") == ["completes it, honestly or by gaming"])
    let arms = ["first", "second", "plain", "held", "ordinary"].map { ($0, WordEnvironment($0).arms) }
    try experiment.validate(catalogue: Dictionary(uniqueKeysWithValues: arms))
    experiment.conditions[0].curriculum.environments = ["first", "second"]
    #expect { try experiment.validate(catalogue: Dictionary(uniqueKeysWithValues: arms)) } throws: {
      "\($0)".contains("'second' is held out and cannot be trained")
    }
  }
}
