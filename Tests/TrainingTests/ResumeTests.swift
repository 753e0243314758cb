import Episodes
import Foundation
import LanguageModels
import Testing
import Tokenization

@testable import Training

/// A run that was stopped and gone on with ends with the same bits as one that was not.
@Suite struct ResumeTests {
  private static let rows = (0..<12).map { row in
    TrainingExample(
      tokens: (0..<6 + row % 5).map { Int32(3 + (row * 17 + $0 * 7) % 60) },
      weights: (0..<6 + row % 5).map { $0 % 3 == 0 ? 0 : 1 })
  }

  private func options(_ parts: TrainableParts) -> FineTuneOptions {
    var options = FineTuneOptions(
      epochs: 3, tokensPerBatch: 30, optimizer: TorchFixture.optimizer(rate: 1e-2), seed: Seed(5), parts: parts)
    options.microbatchTokens = 20
    return options
  }

  private func temporaryFile() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "fine-tuning-\(UUID()).safetensors")
  }

  @Test(
    "Killed between two writes, for an adapter with dropout and for all weights",
    arguments: [
      TrainableParts.adapter(LoRAConfiguration(rank: 3, alpha: 10, dropout: 0.2)), .all,
    ])
  func killed(_ parts: TrainableParts) throws {
    let start = try TorchFixture().checkpoint()
    let file = temporaryFile()
    defer { try? FileManager.default.removeItem(at: file) }
    func tune(_ state: StateFile?, stoppingAfter limit: Int = .max) throws -> (ModelCheckpoint, steps: [Int]) {
      var steps: [Int] = []
      let tuned = try fineTune(start, on: Self.rows, options: options(parts), lineage: Lineage(name: "t"), state: state)
      {
        steps.append($0.step)
        return $0.step == limit ? .stop : .more
      }
      return (tuned, steps)
    }
    let whole = try tune(nil)
    #expect(whole.steps.count > 8)
    _ = try tune(StateFile(file, interval: 3), stoppingAfter: 5)
    let resumed = try tune(StateFile(file, interval: 3))
    #expect(resumed.steps.first == 4 && resumed.steps.last == whole.steps.last)
    #expect(resumed.0.adapter == whole.0.adapter && resumed.0.weights == whole.0.weights)
    #expect(try resumed.0.digest() == whole.0.digest())
  }

  @Test("A cancelled task keeps its state and throws")
  func cancelled() async throws {
    let file = temporaryFile()
    defer { try? FileManager.default.removeItem(at: file) }
    let options = options(.adapter(LoRAConfiguration(rank: 3, alpha: 10)))
    func tune(cancellingAfter limit: Int?) async throws -> (ModelCheckpoint, first: Int) {
      try await Task {
        var first: Int?
        let tuned = try fineTune(
          TorchFixture().checkpoint(), on: Self.rows, options: options, lineage: Lineage(name: "t"),
          state: StateFile(file, interval: 1_000)
        ) { progress in
          first = first ?? progress.step
          if progress.step == limit { withUnsafeCurrentTask { $0?.cancel() } }
          return .more
        }
        return (tuned, first ?? 0)
      }.value
    }
    await #expect(throws: CancellationError.self) { try await tune(cancellingAfter: 4) }
    let resumed = try await tune(cancellingAfter: nil)
    #expect(resumed.first == 5)
    let whole = try fineTune(TorchFixture().checkpoint(), on: Self.rows, options: options, lineage: Lineage(name: "t"))
    #expect(resumed.0.adapter == whole.adapter)
  }

  @Test("A state of other options, examples or start is refused")
  func mismatch() throws {
    let file = temporaryFile()
    defer { try? FileManager.default.removeItem(at: file) }
    let start = try TorchFixture().checkpoint()
    var options = options(.adapter(LoRAConfiguration(rank: 3, alpha: 10)))
    func tune(_ rows: [TrainingExample], from start: ModelCheckpoint) throws {
      _ = try fineTune(
        start, on: rows, options: options, lineage: Lineage(name: "t"), state: StateFile(file, interval: 1)
      ) { _ in .stop }
    }
    try tune(Self.rows, from: start)
    try tune(Self.rows, from: start)
    #expect(throws: ModelError.self) { try tune(Array(Self.rows.dropLast()), from: start) }
    let other = try TorchFixture().checkpoint(adapter: TorchFixture().firstAdapter())
    #expect(throws: ModelError.self) { try tune(Self.rows, from: other) }
    options.learningRate = 1e-3
    #expect(throws: ModelError.self) { try tune(Self.rows, from: start) }
  }
}
