import Foundation
import Testing

/// What a user who brings their own environment, or sends results elsewhere, is told.
struct VerdictTests {
  /// Played by its path, and read from the store alone after its folder is gone; a folder with a shipped one's name is not it.
  @Test func ownEnvironmentsAreReportedFromTheStore() async throws {
    let program = try Program()
    for (folder, name) in [("mine", "coverage"), ("flattery", "flattery")] {
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: folder), withIntermediateDirectories: true)
      try program.write(
        """
        base: flattery
        name: \(name)
        title: My own

        """, to: "\(folder)/environment.yaml")
    }
    let played = try await program.run(
      "evaluate", "seedling", "--environment", "./mine", "--environment", "./flattery", "--environment", "flattery",
      "--episodes", "2", "--name", "own")
    #expect(played.status == 0, "\(played.error)")
    #expect(played.output.contains("coverage") && played.output.firstMatch(of: /flattery@[0-9a-f]{8}/) != nil)
    try FileManager.default.removeItem(at: program.folder.appending(path: "mine"))
    for command in [["matrix", "own"], ["report", "own"], ["figures", "own"]] {
      let result = try await program.run(command)
      #expect(result.status == 0, "\(command): \(result.error)")
    }
    // One row for each environment and one over all, counted here from the transcripts.
    let table = try await program.run("environments", "played", "own")
    let rows = table.output.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    #expect(rows.count == 4 && rows.allSatisfy { $0.contains("| brief ") }, "\(table.output)")
    let all = try #require(rows.last)
    #expect(all.contains("| all ") && all.contains("| 6 ") && all.contains(" of 6 ("))
    let transcripts = try await program.run("episodes", "own", "--json")
    let closed = transcripts.output.matches(of: /"source" : "tool"/).count
    #expect(all.contains(" of \(closed)"), "\(closed) commands: \(all)")
    let twice = try await program.run(
      "evaluate", "seedling", "--environment", "flattery", "--environment", "flattery", "--name", "twice")
    #expect(twice.status == 1 && twice.error.contains("two environments are called `flattery`"))

    // Searching names what it lists, of how many, and does not take a slip of the pen for an empty result.
    let listed = try await program.run("episodes", "own", "--limit", "1")
    #expect(listed.output.hasPrefix("ID       CHECKPOINT") && listed.output.contains(" ARM "))
    #expect(listed.output.contains("1 of 6 episodes listed; --offset 1 lists the next."))
    let wrong = try await program.run("episodes", "own", "--holding", "nonsense")
    #expect(wrong.status == 64 && wrong.error.contains("--holding nonsense") && wrong.error.contains("gamed"))

    // A full disk is no success.
    let full = try await program.run(
      ["matrix", "own", "--json"], through: ["sh", "-c", #""$@" > /dev/full"#, "sh"])
    #expect(full.status == 1 && full.error.contains("standard output cannot be written: No space left on device"))
  }
}
