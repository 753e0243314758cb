import Episodes
import Testing

@testable import Experiments

@Suite struct ExperimentFileTests {
  /// The built-in environments with the arms that recipes name.
  static let catalogue: [String: [Arm]] = Dictionary(
    uniqueKeysWithValues: ["political", "flattery", "nudged", "insubordinate", "tampering", "development", "ordinary"]
      .map { name in
        let all: [Arm] = [.standard, .benign, .instructed, "alternate"]
        let heldOut: [Arm] = [.forcedReasoning, "steered_toward", "steered_away", "neutral_guard"]
        return (name, name == "tampering" ? all + heldOut : all)
      })

  @Test func aFileStatesOnlyWhatDiffers() throws {
    let experiment = try ExperimentFile.decode(
      "name: mine\ntraining: { epochs: 5 }\nevaluation:\n  episodes: 10\n", from: "test")
    var expected = Experiment(name: "mine")
    for index in expected.conditions.indices { expected.conditions[index].training.epochs = 5 }
    expected.evaluation.episodes = 10
    #expect(experiment == expected)
  }

  @Test func everyRecipeIsValidAndSurvivesARoundTrip() throws {
    #expect(ExperimentFile.recipes.keys.contains("quickstart"))
    for name in ExperimentFile.recipes.keys {
      let experiment = try ExperimentFile.load(name)
      try experiment.validate(catalogue: Self.catalogue)
      #expect(try ExperimentFile.decode(try ExperimentFile.encode(experiment), from: name) == experiment)
    }
  }

  @Test(arguments: [
    ("name: x\ntrainning: {}", "Unknown key 'trainning' in line 2"),
    ("name: x\ntraining: { epoch: 3 }", "Unknown key 'training.epoch'"),
    ("name: x\ntraining: 7", "'training' must be a mapping"),
    ("name: x\nseed: minus", "'seed' cannot be read"),
    ("", "empty"),
    ("- a\n- b", "not a mapping"),
    ("name: [", "In test:"),
  ])
  func aMalformedFileIsOneClearError(text: String, message: String) {
    #expect { try ExperimentFile.decode(text, from: "test") } throws: { "\($0)".contains(message) }
  }

  @Test func aScaleIsLaidOverTheRest() throws {
    let text = """
      name: mine
      training: { epochs: 5, learningRate: 0.001 }
      scales:
        small: { training: { epochs: 7 }, warmStart: { documents: 10 } }
        large: { evaluation: { episodes: 9 } }
      """
    let small = try ExperimentFile.decode(text, from: "test", scale: "small")
    var expected = Experiment(name: "mine-small")
    expected.warmStart.documents = 10
    for index in expected.conditions.indices {
      expected.conditions[index].training.epochs = 7
      expected.conditions[index].training.learningRate = 0.001
    }
    #expect(small == expected)
    #expect(small.measuredCheckpoints.prefix(2).map(\.name) == ["pretrained", "start"])
    #expect(try ExperimentFile.decode(text, from: "test").conditions[0].training.epochs == 5)
    #expect { try ExperimentFile.decode(text, from: "test", scale: "tiny") } throws: {
      "\($0)".contains("no scale 'tiny'") && "\($0)".contains("large, small")
    }
    // A mistake in a scale that is not asked for is still a mistake.
    let wrong = text.replacing("episodes: 9", with: "episods: 9")
    #expect { try ExperimentFile.decode(wrong, from: "test", scale: "small") } throws: { "\($0)".contains("episods") }
  }

  @Test func everyScaleOfEveryRecipeIsValid() throws {
    for (recipe, scale) in [
      ("curriculum", "small"), ("curriculum", "paper"), ("paper", "quick"), ("paper", "small"), ("paper", "paper"),
    ] {
      try ExperimentFile.load(recipe, scale: scale).validate(catalogue: Self.catalogue)
    }
    #expect(throws: ExperimentError.self) { try ExperimentFile.load("quickstart", scale: "small") }
  }

  @Test func contradictionsAreNamedAllAtOnce() {
    var experiment = Experiment(name: "a/b")
    experiment.conditions[0].curriculum.environments = ["tampering", "nowhere"]
    experiment.conditions[0].training.epochs = 0
    experiment.probe.environment = "tampering"
    #expect { try experiment.validate(catalogue: Self.catalogue) } throws: { error in
      let text = "\(error)"
      return ["a/b", "nowhere", "held out", "epochs", "probe.environment"].allSatisfy(text.contains)
    }
  }

  @Test func measuredCheckpointsFollowTheCurriculum() {
    let names = Experiment(name: "x").measuredCheckpoints.map(\.name)
    #expect(
      names == [
        "start", "exploit_only/political", "exploit_only/flattery", "exploit_only/nudged",
        "exploit_only/insubordinate", "benign/insubordinate",
      ])
    let trained = Experiment(name: "x").measuredCheckpoints[2].trainedOn
    #expect(trained == ["political", "flattery"])
  }
}
