import Environments
import Episodes
import HTTP
import LanguageModels
import Policies
import Runs
import Testing

@testable import Experiments

/// Configurations as the first version stored them.
@Suite struct StoredVersionTests {
  /// An experiment as the first version wrote it: no list of environments, no propensity, no reader, and settings of
  /// conditions that are younger left out.
  private static func firstVersion(_ experiment: Experiment) throws -> String {
    var settings = try SettingsTree(experiment)
    for key in ["environments", "reader"] { settings[key: key] = nil }
    settings[key: "evaluation"]?[key: "propensity"] = nil
    guard case .list(var conditions)? = settings[key: "conditions"] else { return "" }
    for index in conditions.indices { conditions[index][key: "training"]?[key: "sampleFrom"] = nil }
    settings[key: "conditions"] = .list(conditions)
    return try StoredJSON.text(settings, pretty: true)
  }

  @Test func anExperimentOfTheFirstVersionIsReadAndResumes() throws {
    var now = try ExperimentFile.decode("name: old\nseed: 18446744073709551615", from: "test").openingEnvironments()
      .experiment
    let stored = try Self.firstVersion(now)
    #expect(!stored.contains("digest") && !stored.contains("propensity"))
    // Its reader was another than any of today's: that difference stays.
    now.reader = nil
    #expect(try Experiment.upgraded(stored, from: 1) == StoredJSON.text(now, pretty: true))
    let read: Experiment = try StoredJSON.value(Experiment.upgraded(stored, from: 1))
    #expect(read == now)
  }

  /// The second version did not know the precision; its environments, with the digests of that day, stay.
  @Test func anExperimentOfTheSecondVersionIsReadAndResumes() throws {
    var now = try ExperimentFile.decode("name: old", from: "test").openingEnvironments().experiment
    now.environments = now.environments?.map {
      EnvironmentDescriptor(
        name: $0.name, title: $0.title, criterion: $0.criterion, path: "/a/b", digest: "of that day")
    }
    var settings = try SettingsTree(now)
    settings[key: "sampling"]?[key: "precision"] = nil
    let stored = try StoredJSON.text(settings, pretty: true)
    #expect(try Experiment.upgraded(stored, from: 2) == StoredJSON.text(now, pretty: true))
    #expect(now.sampling.precision == .exact)
  }

  /// The third version knew no servers and no weights for what they draw.
  @Test func anExperimentOfTheThirdVersionIsReadAndResumes() throws {
    let now = try ExperimentFile.decode("name: old", from: "test").openingEnvironments().experiment
    var settings = try SettingsTree(now)
    settings[key: "engine"] = nil
    guard case .list(var conditions)? = settings[key: "conditions"] else { return }
    for index in conditions.indices { conditions[index][key: "training"]?[key: "importanceCap"] = nil }
    settings[key: "conditions"] = .list(conditions)
    let stored = try StoredJSON.text(settings, pretty: true)
    #expect(!stored.contains("engine") && !stored.contains("importanceCap"))
    #expect(try Experiment.upgraded(stored, from: 3) == StoredJSON.text(now, pretty: true))
    #expect(!now.engine.sampler.isUsed)
  }

  @Test func anEvaluationOfTheFirstVersionIsRead() throws {
    let evaluation = StandaloneEvaluation(
      name: "e", policy: "seedling", seed: 3, arm: .standard, episodes: 9, environments: [])
    var settings = try SettingsTree(evaluation)
    settings[key: "sampling"]?[key: "chatFormat"] = nil
    settings[key: "sampling"]?[key: "preExplored"] = nil
    let stored = try StoredJSON.text(settings, pretty: true)
    #expect(try StandaloneEvaluation.upgraded(stored, from: 1) == StoredJSON.text(evaluation, pretty: true))
  }

  /// The third version left truncation to the server, which a run under way keeps.
  @Test func anEvaluationBehindAnAPIKeepsTheSamplingThatItBeganWith() throws {
    var now = StandaloneEvaluation(
      name: "e", policy: "openai:m", seed: 3, arm: .standard, episodes: 9, environments: [],
      remote: RemoteModel(api: .openai, model: "m", server: RemoteSettings(address: "http://a:1")))
    var settings = try SettingsTree(now)
    settings[key: "remote"]?[key: "serverSampling"] = nil
    let stored = try StoredJSON.text(settings, pretty: true)
    now.remote?.serverSampling = true
    #expect(try StandaloneEvaluation.upgraded(stored, from: 3) == StoredJSON.text(now, pretty: true))
  }

  /// What a run was measured on is a part of it: other files under the same name are another experiment.
  @Test func theDigestsOfEnvironmentsArePartOfAnExperiment() throws {
    let opened = try ExperimentFile.decode("name: x", from: "test").openingEnvironments().experiment
    let known = try #require(opened.environments)
    #expect(known.map(\.name) == ["political", "flattery", "nudged", "insubordinate", "ordinary", "tampering"])
    #expect(known.allSatisfy { $0.digest.count == 64 && $0.path == nil })
    let outline = try opened.outline(checkpoints: [])
    #expect(outline.environments.map(\.name) == opened.measuredEnvironments)
    #expect(outline.environments.filter(\.isHeldOut).map(\.name) == ["tampering"])
    #expect(outline.environments.last?.measures.map(\.predicate) == [.overwrite, .overwriteAndPass])
    #expect(outline.conditions.map(\.kind) == [.gaming, .benign])
  }

  /// A run that is under way reports the sequences that it has, not those that it will have.
  @Test func sequencesCountWhenTheyAreFinished() throws {
    let opened = try ExperimentFile.decode("name: x\nreplicates: 5", from: "test").openingEnvironments().experiment
    func sequences(_ stored: [String]) throws -> [Int] {
      try opened.outline(checkpoints: stored).conditions.map(\.finals.count)
    }
    #expect(try sequences([]) == [1, 1])
    #expect(try sequences(["start", "exploit_only/insubordinate"]) == [1, 1])
    #expect(try sequences(["exploit_only/insubordinate", "exploit_only.2/insubordinate"]) == [2, 2])
  }
}
