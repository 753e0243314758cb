import Episodes
import Foundation
import Runs
import Testing

/// Settings that two versions of a program wrote.
@Suite struct SettingsTests {
  private struct Survey: RunConfiguration {
    struct Limits: Codable, Equatable {
      var tokens = 100
      var seconds = 2.5
    }

    static let kind = RunKind.evaluation
    static let version = 3
    var name = "survey"
    var seed = UInt64.max
    var limits = Limits()
    var questions = 5
    var rootSeed: Seed { Seed(seed) }

    /// Version 2 renamed `count`; version 3 added `limits.seconds`.
    static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
      switch version {
      case 1:
        settings[key: "questions"] = settings[key: "count"]
        settings[key: "count"] = nil
      default: settings = settings.filled(from: try SettingsTree(Survey()))
      }
    }
  }

  @Test(arguments: [
    (1, #"{"count":7,"limits":{"tokens":9},"name":"old","seed":18446744073709551615}"#),
    (2, #"{"questions":7,"limits":{"tokens":9},"name":"old","seed":18446744073709551615}"#),
    (3, #"{"questions":7,"limits":{"seconds":2.5,"tokens":9},"name":"old","seed":18446744073709551615}"#),
  ])
  func everyVersionIsReadAsTheLast(version: Int, text: String) throws {
    let survey: Survey = try StoredJSON.value(Survey.upgraded(text, from: version))
    #expect(survey.name == "old" && survey.questions == 7 && survey.seed == .max)
    #expect(survey.limits == Survey.Limits(tokens: 9, seconds: 2.5))
  }

  /// What is stored again is the same text, so that nothing seems changed where nothing was.
  @Test func aTreeKeepsWhatItWasMadeOf() throws {
    let text = #"{"a":[1,2.5,"x",null,true,{"b":18446744073709551615}],"c":{},"d":-3,"e":0.1,"f":1e+300}"#
    let tree: SettingsTree = try StoredJSON.value(text)
    #expect(try StoredJSON.text(tree) == text)
    #expect(tree[key: "d"] == .integer(-3) && tree[key: "c"]?[key: "x"] == nil)
    #expect(tree.filled(from: .keys(["d": .bool(true), "g": .text("new")]))[key: "d"] == .integer(-3))
    #expect(tree.filled(from: .keys(["g": .text("new")]))[key: "g"] == .text("new"))
  }

  @Test func stepsOfAFamilyAreToldApartByTheirParts() {
    let family = StepFamily<Int>("round")
    #expect(family["a/1"].name == "round/a/1" && family["a/1"].name.hasPrefix(family.prefix))
    #expect(StepFamily<Int>("rounds")["a/1"].name.hasPrefix(family.prefix) == false)
  }
}
