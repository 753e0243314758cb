import Testing

@testable import Experiments

@Suite struct ExperimentFileTests {
  private let catalogue: Set<String> = [
    "political", "flattery", "nudged", "insubordinate", "tampering", "development",
  ]

  @Test func aFileStatesOnlyWhatDiffers() throws {
    let experiment = try ExperimentFile.decode(
      "name: mine\ntraining: { epochs: 5 }\nevaluation:\n  episodes: 10\n", from: "test")
    var expected = Experiment(name: "mine")
    expected.training.epochs = 5
    expected.evaluation.episodes = 10
    #expect(experiment == expected)
  }

  @Test func everyRecipeIsValidAndSurvivesARoundTrip() throws {
    #expect(ExperimentFile.recipes.keys.contains("quickstart"))
    for name in ExperimentFile.recipes.keys {
      let experiment = try ExperimentFile.load(name)
      try experiment.validate(catalogue: catalogue)
      #expect(try ExperimentFile.decode(try ExperimentFile.encode(experiment), from: name) == experiment)
    }
  }

  @Test(arguments: [
    ("name: x\ntrainning: {}", "Unknown key 'trainning' in line 2"),
    ("name: x\ntraining: { epoch: 3 }", "Unknown key 'training.epoch'"),
    ("name: x\ntraining: 7", "'training.' must be a mapping"),
    ("name: x\nseed: minus", "'seed' cannot be read"),
    ("", "empty"),
    ("- a\n- b", "not a mapping"),
    ("name: [", "In test:"),
  ])
  func aMalformedFileIsOneClearError(text: String, message: String) {
    #expect { try ExperimentFile.decode(text, from: "test") } throws: { "\($0)".contains(message) }
  }

  @Test func contradictionsAreNamedAllAtOnce() {
    var experiment = Experiment(name: "a/b")
    experiment.curriculum.environments = ["tampering", "nowhere"]
    experiment.training.epochs = 0
    experiment.training.probeEnvironment = "tampering"
    #expect { try experiment.validate(catalogue: catalogue) } throws: { error in
      let text = "\(error)"
      return ["a/b", "nowhere", "held out", "epochs", "probeEnvironment"].allSatisfy(text.contains)
    }
  }

  @Test func measuredCheckpointsFollowTheCurriculum() {
    let names = Experiment(name: "x").measuredCheckpoints.map(\.name)
    #expect(
      names == ["start", "political", "flattery", "nudged", "insubordinate", "benign/insubordinate"])
    let trained = Experiment(name: "x").measuredCheckpoints[2].trainedOn
    #expect(trained == ["political", "flattery"])
  }
}
