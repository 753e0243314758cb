import Episodes
import Testing

@testable import Policies

struct ForkTests {
  @Test("A fork has the same past; the original goes on as if there were none, and the fork with draws of its own")
  func forks() async throws {
    // Two places for two originals: the forks wait for none.
    let policy = try PolicyTests.local(rows: 2)
    var texts: [[Int32]] = []
    for forks in [false, true] {
      let session = try await policy.begin(PolicyContract.prompt, seed: Seed(4))
      let first = try await session.generate(injecting: "look in", stops: [], maxTokens: 5)
      var copies: [any PolicySession] = []
      if forks { for index in 1...5 { copies.append(try await session.fork(seed: Seed(4)["split"][index])) } }
      let second = try await session.generate(injecting: "", stops: [], maxTokens: 12)
      texts.append(first.tokens + second.tokens)
      guard forks else {
        await session.end()
        continue
      }
      var ends: Set<[Int32]> = [second.tokens]
      for copy in copies {
        #expect(copy.prompt == session.prompt)
        ends.insert(try await copy.generate(injecting: "", stops: [], maxTokens: 12).tokens)
        await copy.end()
      }
      #expect(ends.count == 6)
      // Places are free again.
      await session.end()
      for seed in 1...4 {
        let next = try await policy.begin(PolicyContract.prompt, seed: Seed(UInt64(seed)))
        await next.end()
      }
    }
    #expect(texts[0] == texts[1])
  }

  @Test("A fork with the seed of the original writes what the original writes")
  func sameSeed() async throws {
    let policy = try PolicyTests.local()
    let session = try await policy.begin(PolicyContract.prompt, seed: Seed(9))
    _ = try await session.generate(injecting: "garden", stops: [], maxTokens: 3)
    let copy = try await session.fork(seed: Seed(9))
    let one = try await session.generate(injecting: "rose", stops: [], maxTokens: 9)
    let other = try await copy.generate(injecting: "rose", stops: [], maxTokens: 9)
    #expect(one.tokens == other.tokens && one.text == other.text)
    #expect(one.logProbabilities == other.logProbabilities)
    await session.end()
    await copy.end()
  }
}
