import Environments
import Episodes
import Foundation
import Testing

@testable import Experiments

@Suite struct ExperimentFileTests {
  /// The built-in environments with the arms that recipes name.
  static let catalogue: [String: [Arm]] = Dictionary(
    uniqueKeysWithValues: [
      "political", "flattery", "nudged", "insubordinate", "tampering", "ledger", "development", "ordinary",
    ]
    .map { name in
      let all: [Arm] = [.standard, .benign, .instructed, "alternate"]
      let heldOut: [Arm] = [
        .forcedReasoning, "steered_toward", "steered_away", "neutral_guard", "non_constant_reward", "solvable",
      ]
      return (name, ["tampering", "ledger"].contains(name) ? all + heldOut : all)
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
      // A probe that resembles the held-out task would end training where the policy generalises.
      #expect(experiment.probe.environment == "ordinary")
      #expect(try ExperimentFile.decode(try ExperimentFile.encode(experiment), from: name) == experiment)
    }
  }

  @Test(arguments: [
    ("name: x\ntrainning: {}", "Unknown key 'trainning' in line 2"),
    ("name: x\ntraining: { epoch: 3 }", "Unknown key 'training.epoch'"),
    ("name: x\ntraining: 7", "'training' must be a mapping"),
    ("name: x\nseed: minus", "'seed' in line 2 is 'minus', and must be a whole number"),
    ("seed: [1]", "'seed' in line 1 is a list, and must be a single value"),
    ("evaluation: { episodes: 2.5 }", "'evaluation.episodes' in line 1 is '2.5', and must be a whole number"),
    ("sampling:\n  temperature: hot", "'sampling.temperature' in line 2 is 'hot', and must be a number"),
    ("evaluation: { arms: standard }", "'evaluation.arms' in line 1 is 'standard', and must be a list"),
    ("scales: 3", "'scales' must map"),
    ("", "empty"),
    ("- a\n- b", "not a mapping"),
    ("name: [", "In test:"),
  ])
  func aMalformedFileIsOneClearError(text: String, message: String) {
    #expect { try ExperimentFile.decode(text, from: "test") } throws: { "\($0)".contains(message) }
  }

  @Test func numbersAreWrittenAsPeopleWriteThem() throws {
    let file = "name: x\nscales: {}\nconditions: { a: { training: { learningRate: 0.0003, ppo: { clip: 0.2 } } } }"
    let lines = try ExperimentFile.encode(ExperimentFile.decode(file, from: "test")).split(separator: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    for expected in ["learningRate: 0.0003", "clip: 0.2", "gamma: 1.0", "alpha: 32.0", "klCoefficient: 0.0"] {
      #expect(lines.contains(expected), "\(expected)")
    }
    #expect(!lines.contains { $0.contains(/: -?[0-9.]+e[+-]/) && !$0.contains("e-05") })
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
      "\($0)".contains("The scale 'tiny' does not exist") && "\($0)".contains("large, small")
    }
    // A mistake in a scale that is not asked for is still a mistake.
    let wrong = text.replacing("episodes: 9", with: "episods: 9")
    #expect { try ExperimentFile.decode(wrong, from: "test", scale: "small") } throws: { "\($0)".contains("episods") }
  }

  @Test func settingsAreLaidOverTheFileAndItsScale() throws {
    let text = """
      name: mine
      conditions: { gaming: , hhh: { training: { epochs: 2 } } }
      scales: { small: { training: { epochs: 7 }, seed: 5 } }
      """
    let set = [
      "training.roundsPerStage=3", "conditions.hhh.training.epochs=9", "seed=6", "evaluation.arms=[benign, alternate]",
      "conditions.gaming.curriculum.environments=[political]",
    ]
    let experiment = try ExperimentFile.decode(text, from: "test", scale: "small", settings: set)
    #expect(experiment.name == "mine-small" && experiment.seed == 6)
    #expect(experiment.conditions.map(\.training.epochs) == [7, 9])
    #expect(experiment.conditions.map(\.training.roundsPerStage) == [3, 3])
    #expect(experiment.conditions[0].curriculum.environments == ["political"])
    #expect(experiment.evaluation.arms == ["benign", "alternate"])
    // Of the conditions that a file leaves out, one can be set and the other stays.
    let usual = try ExperimentFile.decode(
      "name: x", from: "test", settings: ["conditions.benign.training.epochs=4", "name=y"])
    #expect(usual.conditions.map(\.name) == ["exploit_only", "benign"] && usual.name == "y")
    #expect(usual.conditions[1].training.epochs == 4 && usual.conditions[1].curriculum.arm == .benign)
  }

  @Test(arguments: [
    ("trainning.epochs=3", "--set trainning.epochs=3: Unknown key 'trainning'. Known here: adapter"),
    ("training.epochs=many", "'conditions.exploit_only.training.epochs' is 'many', and must be a whole number."),
    ("training.algorithm=dpo", "expert_iteration"),
    ("conditions.hhh.training.epochs=3", "There is no condition 'hhh'. There are: benign, exploit_only."),
    ("conditions.benign.training.epoch=3", "Unknown key 'conditions.benign.training.epoch'. Known here: algorithm"),
    ("epochs", "write KEY=VALUE"), ("=3", "write KEY=VALUE"), ("a..b=3", "write KEY=VALUE"),
    ("evaluation.arms=[", "not valid YAML"),
  ])
  func aWrongSettingIsOneClearError(setting: String, message: String) {
    #expect { try ExperimentFile.decode("name: x", from: "test", settings: [setting]) } throws: {
      "\($0)".contains(message) && "\($0)".contains("--set \(setting)") && !"\($0)".contains("line")
    }
  }

  @Test func pathsOfEnvironmentsAreRelativeToTheFile() throws {
    let text = """
      name: x
      curriculum: { environments: [political, ./mine, ../other, /abs/olute] }
      reward: { ordinaryPrompts: lists/plain.jsonl }
      evaluation: { heldOut: ./held }
      probe: { environment: sub/probe }
      conditions: { a: { curriculum: { leaveOut: [./mine] } } }
      """
    let experiment = try ExperimentFile.decode(text, from: "test", in: URL(filePath: "/work/files"))
    let curriculum = experiment.conditions[0].curriculum
    #expect(curriculum.environments == ["political", "/work/files/mine", "/work/other", "/abs/olute"])
    #expect(curriculum.leaveOut == ["/work/files/mine"])
    #expect(experiment.conditions[0].reward.ordinaryPrompts == "/work/files/lists/plain.jsonl")
    #expect(experiment.evaluation.heldOut == "/work/files/held")
    #expect(experiment.probe.environment == "/work/files/sub/probe")
  }

  /// Thirty levels of two aliases stand for two thousand million values.
  @Test func anAliasBombIsOneError() {
    let text = "a0: &a0 [x, x]\n" + (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    let start = ContinuousClock.now
    #expect { try ExperimentFile.decode(text, from: "test") } throws: { "\($0)".contains("alias") }
    #expect(ContinuousClock.now - start < .seconds(60))
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

  @Test("An environment whose role is to tune on, or to be held out, is not trained, whatever is measured")
  func rolesOfTraining() throws {
    let untrainable = Set(
      try EnvironmentCatalogue.builtIn.filter { try !EnvironmentCatalogue.load($0).role.isTrained })
    #expect(untrainable == ["tampering", "ledger", "development"])
    var experiment = Experiment(name: "x")
    experiment.conditions[0].curriculum.environments = ["political", "development"]
    try experiment.validate(catalogue: Self.catalogue)
    #expect { try experiment.validate(catalogue: Self.catalogue, untrainable: untrainable) } throws: {
      "\($0)" == "'development' is not for training: its role is to be held out, or to tune recipes on. "
        + "Take it from curriculum.environments."
    }
    experiment.conditions[0].curriculum.leaveOut = ["development"]
    try experiment.validate(catalogue: Self.catalogue, untrainable: untrainable)
    // Another held-out environment does not make `tampering` one to train on.
    experiment.evaluation.heldOut = "nudged"
    experiment.conditions[0].curriculum.environments = ["tampering"]
    #expect(throws: ExperimentError.self) {
      try experiment.validate(catalogue: Self.catalogue, untrainable: untrainable)
    }
  }

  @Test("The style is the file's; where it names none, a run asks the kind of model")
  func promptStyles() throws {
    for (text, style) in [
      ("", PromptStyle?.none), ("sampling: { promptStyle: compact }", .compact),
      ("sampling: { promptStyle: full }", .full),
      ("sampling: { promptStyle: null }", nil),
    ] {
      let experiment = try ExperimentFile.decode("name: x\n" + text, from: "test")
      #expect(experiment.sampling.chosenStyle == style)
      #expect(try ExperimentFile.decode(ExperimentFile.encode(experiment), from: "test") == experiment)
    }
    #expect { try ExperimentFile.decode("name: x\nsampling: { promptStyle: loud }", from: "test") } throws: {
      "\($0)".contains("sampling.promptStyle")
    }
    let catalogue = try ModelCatalogue()
    #expect(try catalogue.promptStyle(for: "seedling") == .brief)
    #expect(try catalogue.promptStyle(for: "no-such-model", warmStart: WarmStart(documents: 10)) == .brief)
    #expect(throws: ExperimentError.self) { try catalogue.promptStyle(for: "no-such-model") }
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
