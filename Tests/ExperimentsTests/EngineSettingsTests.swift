import Foundation
import LanguageModels
import Policies
import Runs
import Storage
import TestSupport
import Testing
import Training

@testable import Experiments

/// The `engine` section: what is refused before any work, and what may change when a run is resumed.
@Suite struct EngineSettingsTests {
  private func problems(_ engine: String) throws -> String {
    let experiment = try ExperimentFile.decode("name: x\nengine:\n" + engine, from: "test")
    do { try experiment.validate(catalogue: ExperimentFileTests.catalogue) } catch { return "\(error)" }
    return ""
  }

  @Test(
    "A section that cannot work is refused, with every problem named",
    arguments: [
      (
        "  sampler: { urls: [\"http://a:1\"] }",
        ["adapter.rank above 0", "engine.sampler.adapters", "--served-model-name"]
      ),
      ("  sampler: { urls: [\"a:1\"], model: m, adapters: /x }", ["not an http or https address"]),
      ("  sampler: { urls: [\"http://a:1\"], model: m, adapters: /x, tolerance: 0 }", ["tolerance must be above 0"]),
      (
        "  trainer: { launch: torchrun, program: /nowhere.py }",
        ["Engines/torch/train.py, not '/nowhere.py'", "config.json"]
      ),
    ])
  func refusals(_ engine: String, expected: [String]) throws {
    let said = try problems(engine)
    for part in expected { #expect(said.contains(part), "\(said)") }
  }

  @Test("Without servers or a trainer, nothing is asked for")
  func nothing() throws { #expect(try problems("  sampler: { kind: sglang }") == "") }

  @Test("A run resumes on other servers, and not with other settings")
  func resuming() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    var experiment = try ExperimentFile.decode("name: x", from: "test")
    func open() throws { _ = try RunStore(in: folder, configuration: experiment, codeRevision: "a") }
    try open()
    experiment.engine.sampler.urls = ["http://other:8000"]
    experiment.engine.trainer.launch = "torchrun"
    try open()
    experiment.seed += 1
    #expect(throws: StoreError.self) { try open() }
  }
}
