import Episodes
import Testing
import Training

@testable import Experiments

@Suite struct ConditionTests {
  private let text = """
    name: arms
    replicates: 2
    training: { epochs: 3, learningRate: 0.001 }
    reward: { gamingBonus: 2 }
    conditions:
      plain:
      reversed: { curriculum: { order: reversed, leaveOut: [nudged] }, training: { epochs: 4 } }
      benign: { curriculum: { arm: benign } }
      away:
        from: reversed
        curriculum: { schedule: parallel, environments: [political, flattery] }
        training: { selection: honest, maximumSelected: 2500 }
    scales:
      large:
        replicates: 3
        training: { promptsPerRound: 100 }
        conditions:
          plain: { training: { epochs: 9 } }
    """

  @Test func aConditionStatesOnlyWhatDiffers() throws {
    let experiment = try ExperimentFile.decode(text, from: "test")
    #expect(experiment.conditions.map(\.name) == ["plain", "reversed", "benign", "away"])
    #expect(experiment.conditions.map(\.training.epochs) == [3, 4, 3, 3])
    #expect(experiment.conditions.allSatisfy { $0.training.learningRate == 0.001 && $0.reward.gamingBonus == 2 })
    #expect(experiment.conditions[1].curriculum.stages.map(\.name) == ["insubordinate", "flattery", "political"])
    #expect(experiment.conditions[2].curriculum.arm == .benign)
    #expect(experiment.conditions.map(\.isTrainAway) == [false, false, false, true])
  }

  /// Settings with a payload are a word, or a mapping of the payload.
  @Test func aSettingMayHaveAPayload() throws {
    let experiment = try ExperimentFile.decode(
      """
      name: x
      training:
        ppo: { valueClip: none, kl: { control: { target: 6, horizon: 1000 } } }
        grpo: { normalization: { length: 64 } }
      """, from: "test")
    let training = experiment.conditions[0].training
    #expect(training.ppo.valueClip == nil && training.ppo.kl.control == .adaptive(target: 6, horizon: 1000))
    #expect(training.grpo.normalization == .constant(length: 64) && training.grpo.kl.control == .fixed)
  }

  @Test func aScaleChangesWhatIsSharedAndWhatIsNot() throws {
    let experiment = try ExperimentFile.decode(text, from: "test", scale: "large")
    #expect(experiment.replicates == 3)
    #expect(experiment.conditions.map(\.training.promptsPerRound) == [100, 100, 100, 100])
    #expect(experiment.conditions.map(\.training.epochs) == [9, 4, 3, 3])
  }

  @Test func checkpointsCarryConditionReplicateAndAncestors() throws {
    let experiment = try ExperimentFile.decode(text, from: "test")
    let measured = experiment.measuredCheckpoints
    #expect(
      measured.map(\.name).filter { $0.hasPrefix("reversed") } == [
        "reversed/insubordinate", "reversed/flattery", "reversed/political", "reversed.2/insubordinate",
        "reversed.2/flattery", "reversed.2/political",
      ])
    // Of a benign twin only the last checkpoint is measured.
    #expect(
      measured.map(\.name).filter { $0.hasPrefix("benign") } == ["benign/insubordinate", "benign.2/insubordinate"])
    let away = try #require(measured.first { $0.name == "away.2/parallel" })
    #expect(away.trainedOn == ["insubordinate", "flattery", "political"])
    #expect(experiment.startingPoint(of: experiment.conditions[3], replicate: 2) == "reversed.2/political")
    #expect(measured.count == 1 + 2 * (4 + 3 + 1 + 1))
  }

  @Test func noEpisodeOfTwoConditionsOrReplicatesHasTheSameSeed() throws {
    let experiment = try ExperimentFile.decode(text, from: "test")
    let names = experiment.measuredCheckpoints.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: [
    ("conditions: { a: { from: b } }", "starts from 'b', which is not a condition before it"),
    ("conditions: { start: {} }", "none of preference, pretrained, start"),
    ("conditions: { a.b: {} }", "must be made of letters"),
    ("conditions: { a: { curriculum: { leaveOut: [poems] } } }", "leaveOut names poems"),
    ("conditions: { a: { curriculum: { environments: [tampering] } } }", "held out"),
    ("conditions: { a: { curriculum: { arm: kind } } }", "no arm 'kind'"),
    ("conditions: { a: { training: { algorithm: grpo, samplesPerPrompt: 1 } } }", "grpo compares the samples"),
    ("conditions: { a: { reward: { ordinaryShare: 1 } } }", "below 1"),
    ("conditions: { a: { reward: { preferenceWeight: 1 } } }", "does not look at rewards"),
    ("replicates: 0", "replicates must lie"),
    ("evaluation: { episodes: 1000000000 }", "evaluation.episodes must lie between 1 and 1000000"),
    ("training: { samplesPerPrompt: 9223372036854775807 }", "training.samplesPerPrompt must lie between 1 and 1000000"),
    ("training: { promptsPerRound: 100000, samplesPerPrompt: 100000 }", "at most 1000000 episodes"),
    ("training: { replayPerEpisode: .inf }", "training.replayPerEpisode must lie"),
    ("sampling: { concurrency: 9223372036854775807 }", "sampling.concurrency must lie"),
    ("conditions: { \(String(repeating: "a", count: 300)): {} }", "has 300 letters"),
    (
      "conditions: { a: { curriculum: { environments: [b_political] } }, a_b: { curriculum: { environments: [political] } } }",
      "checkpoints a/b_political and a_b/political would have one file"
    ),
    ("evaluation: { arms: [upside_down] }", "no arm 'upside_down'"),
    ("probe: { environment: tampering }", "steers training"),
    (
      "conditions: { a: { interventions: { inoculation: x, recontextualisation: { training: y } } } }",
      "exclude each other"
    ),
    (
      "conditions: { a: { training: { algorithm: ppo, sampleFrom: start } } }",
      "policy gradients learn from the policy's own"
    ),
  ])
  func whatCannotBeIsSaidBeforeAnyWork(text: String, message: String) throws {
    let experiment = try ExperimentFile.decode("name: x\n" + text, from: "test")
    #expect { try experiment.validate(catalogue: ExperimentFileTests.catalogue) } throws: {
      "\($0)".contains(message)
    }
  }

  @Test(arguments: [
    ("conditions: []", "'conditions' must map"),
    ("conditions: { a: { trainning: {} } }", "Unknown key 'conditions.a.trainning' in line 2"),
    ("conditions: { a: 3 }", "'conditions.a' must be a mapping"),
    ("curriculum: { arm: benign, environment: x }", "Unknown key 'curriculum.environment'"),
    (
      "conditions:\n  a:\n    training: { algorithm: dpo }",
      "'conditions.a.training.algorithm' in line 4 cannot be read: 'dpo' is not one of expert_iteration, ppo, grpo."
    ),
    (
      "conditions: { a: {}, b: { training: { grpo: { kl: { control: { goal: 2 } } } } } }",
      "'conditions.b.training.grpo.kl.control' in line 2 cannot be read: unknown key 'goal'"
    ),
    (
      "conditions: { a: { training: { grpo: { normalization: word } } } }",
      "'word' is not one of sequence, token"
    ),
  ])
  func aMalformedConditionIsOneClearError(text: String, message: String) {
    #expect { try ExperimentFile.decode("name: x\n" + text, from: "test") } throws: { "\($0)".contains(message) }
  }
}
