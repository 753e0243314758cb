import Foundation
import Storage
import Testing

@testable import subterfuge

/// The version is what git says of the checkout that was built.
struct VersionTests {
  @Test(arguments: [
    ("v1.2.3-0-g0123456789ab", "1.2.3", "subterfuge 1.2.3+0123456789ab"),
    ("v1.2.3-0-g0123456789ab.dirty", "1.2.3+0123456789ab.dirty", "subterfuge 1.2.3+0123456789ab.dirty"),
    ("v1.2.3-14-g0123456789ab", "1.2.3+14.0123456789ab", "subterfuge 1.2.3+14.0123456789ab"),
    ("v2.0.0-rc.1-0-g0123456789ab", "2.0.0-rc.1", "subterfuge 2.0.0-rc.1+0123456789ab"),
    ("0123456789ab", "\(Version.next)+0123456789ab", "subterfuge \(Version.next)+0123456789ab"),
    ("0123456789ab.dirty", "\(Version.next)+0123456789ab.dirty", "subterfuge \(Version.next)+0123456789ab.dirty"),
    ("", Version.next, "subterfuge \(Version.next)"),
  ])
  func theVersionFollowsTheDescription(_ description: String, text: String, revision: String) {
    #expect(Version(description: description).text == text)
    #expect(Version(description: description).revision == revision)
  }

  @Test func theProgramSaysItsVersion() async throws {
    let result = try await Program().run("--version")
    #expect(result.status == 0)
    #expect(try result.output.wholeMatch(of: Regex(#"\d+\.\d+\.\d+\S*\n"#)) != nil, "\(result.output)")
    #expect(result.output == Version.current.text + "\n")
  }

  @Test func aRunKeepsTheVersionThatMadeIt() async throws {
    let program = try Program()
    let run = try await program.run(
      "evaluate", "seedling", "--environment", "political", "--episodes", "1", "--name", "one")
    #expect(run.status == 0, "\(run.error)")
    let store = try RunStore(reading: program.folder.appending(path: "runs/one"))
    #expect(try store.codeRevisions() == ["subterfuge " + Version.current.text])
  }

  /// What the script records at a commit, at a tag, behind it and with changes, in a checkout of its own.
  @Test func theScriptRecordsTagCommitAndChanges() async throws {
    let scratch = try Program()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let script = root.appending(path: "Scripts/record_commit.sh").path
    let steps = """
      set -e
      export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
      mkdir checkout out
      record() { sh "$0" checkout out; sed -n 's/let builtDescription = "\\(.*\\)"/\\1/p' out/Commit.swift; echo; }
      record
      cd checkout; git init -q .; echo 1 > file; git add file; git commit -qm one; cd ..
      record
      git -C checkout tag nightly; git -C checkout tag v1.2.3
      record
      echo 2 > checkout/file
      record
      git -C checkout commit -qam two
      record
      git -C checkout log --reverse --abbrev=12 --format=%h
      """
    // The wrapper's last arguments, the program and its own, are not used.
    let result = try await scratch.run([], through: ["bash", "-c", steps, script])
    #expect(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 6, "\(result.output)")
    let (one, two) = (lines[4], lines[5])
    #expect(lines[..<4] == [one, "v1.2.3-0-g\(one)", "v1.2.3-0-g\(one).dirty", "v1.2.3-1-g\(two)"])
  }
}
