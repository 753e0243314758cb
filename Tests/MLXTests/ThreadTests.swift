import Testing

@testable import MLX

@Suite struct ThreadTests {
  /// Lazy graphs begun in one task, continued after suspensions on whatever thread, finished in another task.
  @Test func tasksMayHopThreads() async throws {
    let sums = try await withThrowingTaskGroup(of: Float.self) { group in
      for index in 0..<100 {
        group.addTask {
          var x = try MLXArray([Float](repeating: Float(index), count: 64), [8, 8])
          for _ in 0..<5 {
            x = try x + matmul(x, .zeros([8, 8])) + 1
            await Task.yield()
          }
          let last = x
          return try await Task.detached { try last.sum().item(Float.self) }.value
        }
      }
      return try await group.reduce(into: [Float]()) { $0.append($1) }
    }
    #expect(sums.sorted() == (0..<100).map { Float(64 * ($0 + 5)) })
  }

  /// Gradients taken in many tasks at once, with closures that Swift calls back while the lock is held.
  @Test func tasksMayDifferentiateAtOnce() async throws {
    let gradients = try await withThrowingTaskGroup(of: Float.self) { group in
      for index in 1...50 {
        group.addTask {
          let x = try MLXArray([Float(index)])
          return try valueAndGrad([x]) { try (Activation.relu2($0[0]) * $0[0]).sum() }.gradients[0].item(Float.self)
        }
      }
      return try await group.reduce(into: [Float]()) { $0.append($1) }
    }
    #expect(gradients.sorted() == (1...50).map { Float(3 * $0 * $0) })
  }
}
