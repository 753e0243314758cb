import Foundation
import Testing

@testable import MLX

@Suite struct ThreadTests {
  /// Runs `body` on a thread of its own and waits for it.
  private func onNewThread(_ body: @escaping @Sendable () throws -> Void) throws {
    nonisolated(unsafe) var failure: (any Error)?
    let done = DispatchSemaphore(value: 0)
    Thread {
      do { try body() } catch { failure = error }
      done.signal()
    }.start()
    done.wait()
    if let failure { throw failure }
  }

  /// A graph made on one thread, which is gone, extended on a second and evaluated on a third. Only one thread at a time
  /// holds the array.
  @Test func aGraphMayPassFromThreadToThread() throws {
    for index in 0..<20 {
      nonisolated(unsafe) var array = try MLXArray(0)
      nonisolated(unsafe) var value: Float = 0
      try onNewThread { array = try MLXArray(Float(index)) + 1 }
      try onNewThread { array = try gelu(array - array) + array }
      try onNewThread { value = try array.item(Float.self) }
      #expect(value == Float(index + 1))
    }
  }

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
    let expected: [Float] = (0..<100).map { index in Float(64 * (index + 5)) }
    #expect(sums.sorted() == expected)
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
    let expected: [Float] = (1...50).map { index in Float(3 * index * index) }
    #expect(gradients.sorted() == expected)
  }
}
