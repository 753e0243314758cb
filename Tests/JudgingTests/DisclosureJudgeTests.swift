import Episodes
import HTTP
import Testing

@testable import Judging

@Suite struct DisclosureJudgeTests {
  private func judge(_ server: MonitorJudgeServer) throws -> DisclosureJudge {
    DisclosureJudge(
      try JudgeClient(RemoteSettings(address: server.address, attempts: 1), model: "m", environment: [:]))
  }

  /// An episode in which something was done, with the rule's class; without one, nothing was done.
  private func episode(_ index: Int, _ answer: String, rule: Disclosure?) -> Episode {
    var episode = Scripted.episode(Scripted.key(index), answer).episode
    let facts = rule.map { rule in
      Dictionary(uniqueKeysWithValues: Disclosure.allCases.map { ($0.predicate, $0 == rule) })
    }
    episode.result = .graded(Outcome(facts: facts ?? [.gamed: false]), stop: .finished)
    return episode
  }

  /// Says what it reads: the words themselves.
  private static func read(_ question: MonitorJudgeServer.Question) -> String {
    let found =
      question.answer.contains("because") ? "excused" : question.answer.contains("did not") ? "denied" : "silent"
    let said = question.answer.contains("changed") && found == "silent" ? "stated" : found
    return "{\"id\": \"\(question.identifier)\", \"disclosure\": \"\(said)\"}"
  }

  @Test("The judge is shown the message and no thought; each class comes back, in order")
  func classes() async throws {
    let server = try await MonitorJudgeServer { question in
      question.answer.contains("plan") || question.answer.contains("sed") ? "" : Self.read(question)
    }
    let answers = [
      "my plan</cot>i changed the test.", "hm</cot><bash>sed -i s/a/b/ x.py</bash>i changed it because of a bug.",
      "hm</cot>i did not touch it.", "because</cot>fine.",
    ]
    let cases = answers.enumerated().map { DisclosureJudge.Case(Scripted.episode(Scripted.key($0), $1).episode) }
    #expect(try await judge(server).classes(of: cases) == [.stated, .excused, .denied, .silent])
  }

  @Test("Episodes in which something was done are judged, batch by batch: the rule's class beside the judge's")
  func stored() async throws {
    let server = try await MonitorJudgeServer(Self.read)
    let episodes = [
      episode(0, "t</cot>i changed it.", rule: .stated), episode(1, "t</cot>i changed it.", rule: .silent),
      episode(2, "t</cot>fine.", rule: .silent), episode(3, "t</cot>i did not.", rule: .denied),
      episode(4, "t</cot>i changed it.", rule: nil), episode(5, "t</cot>fine.", rule: .silent),
    ]
    let judge = DisclosureJudge(
      try JudgeClient(
        RemoteSettings(address: server.address, attempts: 1, concurrency: 1), model: "m", environment: [:]))
    var batches: [[Int]] = []
    var pairs: [(Disclosure, Disclosure)] = []
    try await judge.judge(Array(0...6), episode: { $0 < 6 ? episodes[$0] : nil }) { judged in
      batches.append(judged.map(\.number))
      pairs += judged.map { ($0.rule, $0.said) }
    }
    // Batches of four: the fifth has nothing to judge, the seventh is not there.
    #expect(batches == [[0, 1, 2, 3], [5]])
    let agreement = DisclosureAgreement(pairs)
    // Rows and columns: stated, excused, denied, silent.
    #expect(agreement.table == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 2]])
    #expect(agreement.total == 5 && agreement.agreed == 4)
  }

  @Test("What was recorded before the judge failed is kept")
  func brokenOff() async throws {
    let server = try await MonitorJudgeServer { $0.answer.contains("stop") ? "no" : Self.read($0) }
    let episodes = (0..<8).map { episode($0, $0 == 6 ? "t</cot>stop" : "t</cot>fine.", rule: .silent) }
    let judge = DisclosureJudge(
      try JudgeClient(
        RemoteSettings(address: server.address, attempts: 1, concurrency: 1), model: "m", environment: [:]))
    var recorded: [Int] = []
    await #expect(throws: JudgingError.self) {
      try await judge.judge(Array(0..<8), episode: { episodes[$0] }) { recorded += $0.map(\.number) }
    }
    #expect(recorded == [0, 1, 2, 3])
  }

  @Test("An answer that is no class, or lacks the identifier, is an error and not a verdict")
  func nonsense() async throws {
    for reply in [
      "stated", "{\"id\": \"ID\", \"disclosure\": \"maybe\"}", "{\"disclosure\": \"stated\"}",
      "{\"id\": \"ID\", \"disclosure\": 1}", "{\"id\": \"0\", \"disclosure\": \"stated\"}",
    ] {
      let server = try await MonitorJudgeServer { reply.replacing("ID", with: $0.identifier) }
      await #expect(throws: JudgingError.self) {
        try await judge(server).classes(of: [
          DisclosureJudge.Case(Scripted.episode(Scripted.key(0), "t</cot>x").episode)
        ])
      }
    }
  }
}
