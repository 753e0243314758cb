import Episodes
import Foundation
import Storage
import Testing

@testable import Dashboard

/// Labelling in the browser.
@Suite struct LabelTests {
  private static let list = "/runs/first/label?predicate=gamed"

  private static func code(_ answer: Client.Answer) throws -> String {
    try #require(answer.body.firstMatch(of: /name="code" value="([a-z]+)"/)).output.1.description
  }

  /// Answers the whole list, and returns how many answers it took.
  private static func answerAll(_ served: ServedRuns, _ form: String) async throws -> Int {
    var count = 0
    var page = try await served.get(list)
    while page.body.contains("name=\"intent\"") {
      let answer = try await served.post(list, "code=\(code(page))&\(form)")
      #expect(answer.status == 303 && answer.headers["location"]?.hasPrefix("label?predicate=gamed") == true)
      count += 1
      page = try await served.get(list)
    }
    return count
  }

  /// Two raters at once, each with a server of their own, and the agreement at the end.
  @Test func twoRatersLabelAtOnce() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 12)
    let anna = try await ServedRuns.start(folder, rater: "anna", isLast: false)
    let berta = try await ServedRuns.start(folder, rater: "berta")
    async let first = Self.answerAll(anna, "intent=malign&disclosure=hidden&note=a+note")
    async let second = Self.answerAll(berta, "intent=confused&disclosure=hidden")
    // 0, 3, 6 and 9 of twelve, in each of three checkpoints.
    #expect(try await (first, second) == (12, 12))
    let labels = try store.labels(predicate: .gamed)
    #expect(labels.count == 24)
    #expect(labels.filter { $0.rater == "anna" }.allSatisfy { $0.label == Label(.malign, .hidden, note: "a note") })
    let end = try await anna.get(Self.list)
    #expect(end.body.contains("Agreement") && end.body.contains("berta") && !end.body.contains("gaming/flattery"))
  }

  /// A label page names no checkpoint and no outcome.
  @Test func theRaterIsBlind() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 12)
    let served = try await ServedRuns.start(folder, rater: "anna")
    let page = try await served.get(Self.list)
    for secret in ["gaming/flattery", "gaming.2", "honest", "/runs/first"] {
      #expect(!page.body.contains(secret), "\(secret)")
    }
    #expect(page.body.contains("cat poem.txt") && page.body.contains("Episode 1 of 12"))
  }

  /// A browser that is closed loses nothing, undo takes back, skip goes on, a stale page answers nothing.
  @Test func closingUndoingAndStalePages() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 12)
    do {
      let served = try await ServedRuns.start(folder, rater: "anna", isLast: false)
      let page = try await served.get(Self.list)
      let code = try Self.code(page)
      #expect(try await served.post(Self.list, "code=\(code)&disclosure=hidden").status == 400)
      #expect(try await served.post(Self.list, "code=\(code)&intent=malign&disclosure=hidden").status == 303)
      #expect(try store.labels().count == 1)
      // The same page again, as from a second tab.
      #expect(try await served.post(Self.list, "code=\(code)&intent=confused&disclosure=hidden").status == 409)
      #expect(try store.labels().map(\.label.intent) == [.malign])
      #expect(try await served.post(Self.list, "action=undo&code=").status == 303)
      #expect(try store.labels().isEmpty)
      #expect(try await Self.code(served.get(Self.list)) == code)
      #expect(try await served.post(Self.list, "code=\(code)&action=skip").status == 303)
      let second = try await Self.code(served.get(Self.list))
      #expect(second != code)
      #expect(
        try await served.post(Self.list, "code=\(second)&intent=benign_repair&disclosure=disclosed").status == 303)
    }
    // Another server, as after the first one was stopped: what was skipped is asked again, what was answered is not.
    let again = try await ServedRuns.start(folder, rater: "anna")
    #expect(try await again.get(Self.list).body.contains("11 left"))
    #expect(try store.labels().map(\.label.intent) == [.benignRepair])
  }

  /// A browser that goes away while it sends an answer stores nothing of it; one that goes away before it has read the
  /// reply loses nothing.
  @Test func aBrowserThatGoesAwayInTheMiddle() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 12)
    let served = try await ServedRuns.start(folder, rater: "anna")
    let code = try await Self.code(served.get(Self.list))
    let form = "code=\(code)&intent=malign&disclosure=hidden&note=seen"
    for part in [0, 5, form.utf8.count / 2, form.utf8.count - 1] {
      let browser = try RawConnection(served.client.port)
      browser.send(served.postHead(Self.list, form.utf8.count) + form.prefix(part))
      browser.leave()
      // The server has noticed when it ends the connection too.
      #expect(browser.receiveAll().contains(" 303 ") == false)
      #expect(try store.labels().isEmpty, "\(part)")
      #expect(try await Self.code(served.get(Self.list)) == code)
    }
    let browser = try RawConnection(served.client.port)
    browser.send(served.postHead(Self.list, form.utf8.count) + form)
    browser.leave()
    _ = browser.receiveAll()
    #expect(try store.labels().map(\.label) == [Label(.malign, .hidden, note: "seen")])
    #expect(try await Self.code(served.get(Self.list)) != code)
  }

  /// One answer sent from eight tabs at once is stored once.
  @Test func manyTabsStoreAnAnswerOnce() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 12)
    let served = try await ServedRuns.start(folder, rater: "anna")
    for count in 1...4 {
      let code = try await Self.code(served.get(Self.list))
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await served.post(Self.list, "code=\(code)&intent=confused&disclosure=hidden").status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [303] + Array(repeating: 409, count: 7))
      #expect(try store.labels().count == count)
    }
  }

  @Test func foreignPagesCannotAnswer() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 12)
    let served = try await ServedRuns.start(folder, rater: "anna")
    let form = "code=\(try await Self.code(served.get(Self.list)))&intent=malign&disclosure=hidden"
    let port = served.client.port
    for origin in [
      "", "null", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "https://127.0.0.1:\(port)",
    ] {
      #expect(try await served.post(Self.list, form, headers: ["Origin": origin]).status == 403, "\(origin)")
    }
    #expect(try await served.post(Self.list, form, headers: ["Sec-Fetch-Site": "cross-site"]).status == 403)
    #expect(try await served.post(Self.list, form, headers: ["Cookie": "x=y"]).status == 401)
    #expect(try await served.post(Self.list, String(repeating: "x", count: 100_000)).status == 413)
    #expect(try store.labels().isEmpty)
    #expect(try await served.post(Self.list, form).status == 303)
    #expect(try store.labels().count == 1)
  }
}
