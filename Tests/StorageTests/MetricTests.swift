import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

@Suite struct MetricTests {
  private static let first = Branch(condition: "exploit_only")
  private static let second = Branch(condition: "exploit_only", replicate: 2)

  @Test func curvesComeBackInOrder() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let start = Date()
    try store.record(["kl": 0.25, "entropy": 1.5], branch: Self.second, step: 10)
    try store.record(["kl": 0.125], branch: Self.second, step: 9)
    try store.record(["kl": .infinity, "a": -.infinity], branch: Self.first, step: 1)
    try store.record([:], branch: Self.first, step: 2)
    let points = try store.metrics()
    #expect(points.map(\.branch) == [Self.first, Self.first, Self.second, Self.second, Self.second])
    #expect(points.map(\.step) == [1, 1, 9, 10, 10])
    #expect(points.map(\.name) == ["a", "kl", "kl", "entropy", "kl"])
    #expect(points.map(\.value) == [-.infinity, .infinity, 0.125, 1.5, 0.25])
    #expect(points.allSatisfy { $0.time > start.addingTimeInterval(-0.01) && $0.time <= Date() })
    #expect(try store.metrics(branch: Self.second) == Array(points[2...]))
    #expect(try store.metrics(branch: Branch(condition: "hhh")).isEmpty)
  }

  /// What a step leaves undefined comes back as that, not as 0.
  @Test func notANumberStaysNotANumber() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    for _ in 1...2 { try store.record(["explained_variance": .nan], branch: Self.first, step: 1) }
    #expect(try store.metrics().map(\.value.isNaN) == [true])
    #expect(throws: StoreError.self) { try store.record(["explained_variance": 0], branch: Self.first, step: 1) }
  }

  /// A point that cannot be is an error, and no point that is silently missing.
  @Test func impossiblePointsAreRefused() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(throws: StoreError.self) { try store.record(["kl": .nan], branch: Self.first, step: -1) }
    #expect(throws: StoreError.self) { try store.record(["kl": 1, "": 1], branch: Self.first, step: 1) }
    #expect(throws: StoreError.self) { try store.record(["kl": 1], branch: Branch(condition: ""), step: 1) }
    #expect(try store.metrics().isEmpty)
  }

  /// A step that was killed and is done again has the same values but for its speed.
  @Test func aStepDoneAgainChangesNothing() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.record(["kl": 1, "tokens/s": 8000], branch: Self.first, step: 1)
    let (points, digest) = (try store.metrics(), try store.metricsDigest())
    try store.record(["kl": 1, "tokens/s": 7000, "entropy": 2], branch: Self.first, step: 1)
    #expect(try store.metrics().filter { $0.name != "entropy" } == points)
    #expect(try store.metricsDigest() != digest)
    #expect(throws: StoreError.contradiction(what: "The point 1 of “kl” in “exploit_only”")) {
      try store.record(["kl": 1.5, "loss": 3], branch: Self.first, step: 1)
    }
    #expect(try store.metrics().map(\.name) == ["entropy", "kl", "tokens/s"])
  }

  @Test func theDigestLeavesSpeedsAndTimesOut() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let (first, second) = (try one.store(), try two.store())
    try first.record(["kl": 1, "tokens/s": 8000, "entropy": .nan], branch: Self.first, step: 1)
    try second.record(["tokens/s": 7000, "entropy": .nan], branch: Self.first, step: 1)
    #expect(try first.metricsDigest() != second.metricsDigest())
    try second.record(["kl": 1], branch: Self.first, step: 1)
    #expect(try first.metricsDigest() == second.metricsDigest())
    try first.record(["kl": 1], branch: Self.first, step: 2)
    try second.record(["kl": 1], branch: Self.second, step: 2)
    #expect(try first.metricsDigest() != second.metricsDigest())
  }
}
