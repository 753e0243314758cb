import Episodes
import Foundation
import Testing
import Training

@testable import Judging

@Suite struct MonitorSettingsTests {
  private func problems(_ change: (inout MonitorSettings) -> Void) -> [String] {
    var settings = MonitorSettings()
    change(&settings)
    return settings.problems()
  }

  @Test("Each kind with its own keys is right, and gives the monitor that may see what it says")
  func kinds() throws {
    func make(_ settings: MonitorSettings) throws -> Monitor? {
      #expect(settings.problems().isEmpty)
      return try Monitor(settings, seed: Seed(1), environment: ["KEY": "k"])
    }
    #expect(try make(MonitorSettings()) == nil)
    guard case .outcome(let perfect)? = try make(MonitorSettings(kind: .groundTruth, response: .screening)),
      case .outcome(let degraded)? = try make(MonitorSettings(kind: .groundTruth, accuracy: 0.75)),
      case .outcome(let uneven)? = try make(
        MonitorSettings(kind: .groundTruth, predicates: ["attempted"], truePositiveRate: 0.6, falsePositiveRate: 0.1)),
      case .visible? = try make(MonitorSettings(kind: .pattern, penalty: 0.5)),
      case .reasoning? = try make(MonitorSettings(kind: .pattern, sees: .reasoning, patterns: ["cheat"])),
      case .visible? = try make(
        MonitorSettings(kind: .judge, judge: JudgeSettings(address: "http://localhost:1/v1", model: "m"))),
      case .reasoning(let judge)? = try make(
        MonitorSettings(
          kind: .judge, sees: .reasoning,
          judge: JudgeSettings(address: "http://localhost:1/v1", model: "m", keyVariable: "KEY")))
    else { return #expect(Bool(false)) }
    #expect((perfect as? GroundTruthMonitor)?.falsePositiveRate == 0)
    #expect((degraded as? GroundTruthMonitor)?.truePositiveRate == 0.75)
    #expect((degraded as? GroundTruthMonitor)?.falsePositiveRate == 0.25)
    #expect((uneven as? GroundTruthMonitor)?.truePositiveRate == 0.6)
    #expect((uneven as? GroundTruthMonitor)?.predicates == [.attempted])
    #expect(judge.name == "judge m over reasoning")
    #expect(MonitorSettings(kind: .probe, response: .screening).problems().isEmpty)
    #expect(throws: JudgingError.self) { try Monitor(MonitorSettings(kind: .probe), seed: Seed(1)) }
  }

  @Test func responses() {
    #expect(MonitorSettings(kind: .pattern, penalty: 2.5).monitorResponse == .penalty(2.5))
    #expect(MonitorSettings(kind: .pattern, response: .screening).monitorResponse == .screening)
  }

  @Test(
    "Keys of another kind, contradictions and impossible values are one sentence each",
    arguments: [
      (MonitorSettings(accuracy: 0.9), "accuracy is set, but there is no monitor"),
      (MonitorSettings(response: .screening), "response is set, but there is no monitor"),
      (MonitorSettings(kind: .pattern, accuracy: 0.9), "accuracy is not for a monitor of the kind 'pattern'"),
      (MonitorSettings(kind: .groundTruth, sees: .reasoning), "sees is not for"),
      (MonitorSettings(kind: .probe, patterns: ["a"]), "patterns is not for"),
      (MonitorSettings(kind: .pattern, probe: ProbeOptions(layer: 3)), "probe is not for"),
      (MonitorSettings(kind: .pattern, predicates: ["attempted"]), "predicates is not for"),
      (MonitorSettings(kind: .pattern, judge: JudgeSettings(model: "m")), "judge is not for"),
      (MonitorSettings(kind: .pattern, response: .screening, penalty: 2), "penalty has no meaning"),
      (MonitorSettings(kind: .groundTruth, accuracy: 0.9, falsePositiveRate: 0.2), "accuracy sets both rates"),
      (MonitorSettings(kind: .pattern, sees: .reasoning), "patterns is empty"),
      (MonitorSettings(kind: .pattern, patterns: ["(a"]), "not a regular expression"),
      (MonitorSettings(kind: .pattern, penalty: -1), "penalty must be above 0"),
      (MonitorSettings(kind: .groundTruth, predicates: []), "predicates must name"),
      (MonitorSettings(kind: .groundTruth, accuracy: 1.5), "accuracy must lie"),
      (MonitorSettings(kind: .groundTruth, truePositiveRate: -0.5), "truePositiveRate must lie"),
      (MonitorSettings(kind: .probe, probe: ProbeOptions(falsePositiveRate: 1)), "probe.falsePositiveRate"),
      (MonitorSettings(kind: .judge), "judge needs the address"),
      (MonitorSettings(kind: .judge, judge: JudgeSettings(address: "ftp://x", model: "m")), "http"),
      (
        MonitorSettings(kind: .judge, judge: JudgeSettings(address: "http://x", model: "m", threshold: 2)),
        "judge.threshold"
      ),
    ])
  func problems(settings: MonitorSettings, words: String) {
    let found = settings.problems(at: "here")
    #expect(found.count == 1 && found[0].hasPrefix("here.") && found[0].contains(words), "\(found)")
    #expect(throws: JudgingError.self) { try Monitor(settings, seed: Seed(1)) }
  }

  @Test func theDefaultEncodesEveryKeyAndComesBack() throws {
    let data = try JSONEncoder().encode(MonitorSettings())
    let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(keys.count == 11 && keys["kind"] as? String == "none" && keys["response"] as? String == "penalty")
    #expect((keys["probe"] as? [String: Any])?.count == 5 && (keys["judge"] as? [String: Any])?.count == 7)
    #expect(try JSONDecoder().decode(MonitorSettings.self, from: data) == MonitorSettings())
    #expect(problems { $0.kind = .groundTruth }.isEmpty)
  }
}
