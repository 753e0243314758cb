import Foundation
import Storage
import Testing

@testable import Dashboard

/// Who is answered.
@Suite struct AccessTests {
  @Test func onlyTheTokenOpens() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 4)
    let served = try await ServedRuns.start(folder)
    let client = served.client
    #expect(served.token.count == 32)
    for headers in [
      [:], ["Cookie": "subterfuge-\(client.port)=\(String(repeating: "0", count: 32))"],
      ["Cookie": "subterfuge-1=\(served.token)"],
    ] {
      for page in ["/", "/runs/first/", "/assets/style.css", "/?token=guess", "/nothing"] {
        let answer = try await client.send("GET", page, headers: headers)
        #expect(answer.status == 401, "\(page) \(headers)")
        #expect(!answer.body.contains("first") && !answer.body.contains(served.token))
      }
    }
    let opened = try await client.send("GET", "/runs/first/episodes?token=\(served.token)&failed=yes")
    #expect(opened.status == 303)
    #expect(opened.headers["location"] == "/runs/first/episodes?failed=yes")
    let cookie = try #require(opened.headers["set-cookie"])
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
    #expect(cookie.hasPrefix("subterfuge-\(client.port)=\(served.token);"))
    #expect(try await served.get("/").status == 200)
  }

  /// A page of somebody else's whose name was made to lead to this machine has another Host.
  @Test func onlyItsOwnNameIsAnswered() async throws {
    let served = try await ServedRuns.start(ServedRuns.newFolder())
    let port = served.client.port
    for host in ["evil.example:\(port)", "127.0.0.1", "127.0.0.1:1", "evil.example", "127.0.0.1:\(port).evil.example"] {
      let answer = try await served.get("/", headers: ["Host": host])
      #expect(answer.status == 421, "\(host)")
    }
    for host in ["127.0.0.1:\(port)", "localhost:\(port)", "LOCALHOST:\(port)"] {
      #expect(try await served.get("/", headers: ["Host": host]).status == 200, "\(host)")
    }
    #expect(try await served.get("/", headers: ["Host": ""]).status == 421)
  }

  @Test func everyPageForbidsForeignScripts() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 4)
    let served = try await ServedRuns.start(folder)
    for page in ["/", "/runs/first/", "/runs/first/episodes", "/runs/none/"] {
      let answer = try await served.get(page)
      let policy = try #require(answer.headers["content-security-policy"])
      #expect(policy.contains("default-src 'none'; script-src 'self';"))
      #expect(!policy.contains("script-src 'self' 'unsafe-inline'") && policy.contains("frame-ancestors 'none'"))
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      let scripts = answer.body.matches(of: /<script[^>]*>([^<]*)<\/script>/)
      #expect(scripts.allSatisfy { $0.output.1.isEmpty } && !answer.body.contains("onclick"))
    }
  }

  @Test func nothingIsWrittenWithoutARater() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 4)
    let served = try await ServedRuns.start(folder)
    let form = "code=x&intent=malign&disclosure=hidden"
    #expect(try await served.post("/runs/first/label?predicate=gamed", form).status == 403)
    #expect(try await served.get("/runs/first/label?predicate=gamed").status == 403)
    #expect(try await served.post("/runs/first/episodes", "").status == 405)
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
      #expect(try await served.client.send(method, "/", headers: served.cookie).status == 405, "\(method)")
    }
    #expect(try store.labels().isEmpty)
  }

  @Test func namesNeverLeaveTheFolder() async throws {
    let folder = try ServedRuns.newFolder()
    let outside = folder.appending(path: "outside")
    let runs = folder.appending(path: "runs")
    _ = try MadeUp.run("secret", in: outside, episodes: 4)
    _ = try MadeUp.run("first", in: runs, episodes: 4)
    let served = try await ServedRuns.start(runs)
    let names = [
      "..%2Foutside%2Fsecret", "../outside/secret", "%2e%2e/outside/secret", "..", ".",
      "first%2F..%2F..%2Foutside%2Fsecret",
      "first%00", "%ff", "first/../../outside/secret", "/etc", "",
    ]
    for name in names {
      let answer = try await served.get("/runs/\(name)/")
      #expect(answer.status == 404, "\(name): \(answer.status)")
      let files = try await served.get("/runs/first/episodes/\(name)")
      #expect(files.status == 404, "\(name): \(files.status)")
    }
    for file in ["run.sqlite", "log.txt", "lock", "..%2Frun.sqlite", "../run.sqlite"] {
      #expect(try await served.get("/runs/first/\(file)").status == 404, "\(file)")
      #expect(try await served.get("/assets/\(file)").status == 404, "\(file)")
    }
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func aTakenPortIsOneLine() async throws {
    let served = try await ServedRuns.start(ServedRuns.newFolder())
    let second = Dashboard(
      .init(
        runs: served.folder, port: served.client.port, cache: served.folder, outline: { try ServedRuns.outline($0) }))
    let error = await #expect(throws: DashboardError.self) { try await second.run { _ in } }
    let text = try #require(error?.errorDescription)
    #expect(text.contains("Port \(served.client.port) of 127.0.0.1 is in use") && !text.contains("\n"))
    let strange = Dashboard(
      .init(runs: served.folder, host: "nowhere", cache: served.folder, outline: { try ServedRuns.outline($0) }))
    await #expect(throws: DashboardError.self) { try await strange.run { _ in } }
  }
}
