import Foundation
import Testing

/// What the program says about itself.
struct HelpTests {
  /// A command as the program lists it, with the commands under it.
  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?

    /// The paths of this command and of those under it, without the program's name and the generated `help`.
    func paths(under parent: [String]? = nil) -> [[String]] {
      let path = parent.map { $0 + [commandName] } ?? []
      let children = (subcommands ?? []).filter { $0.commandName != "help" }
      return [path] + children.flatMap { $0.paths(under: path) }
    }
  }

  private struct Dump: Decodable { var command: Command }

  /// Every command, from the program itself, so that a new one cannot be forgotten.
  private static func commands() async throws -> [[String]] {
    let result = try await Program().run("--experimental-dump-help")
    return try JSONDecoder().decode(Dump.self, from: Data(result.output.utf8)).command.paths()
  }

  private static let documentation = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Documentation")

  /// The page holds the help of every command as the program prints it. `RECORD_SNAPSHOTS=1` writes it anew.
  @Test func thePageOfCommandsIsTheHelp() async throws {
    let commands = try await Self.commands()
    #expect(commands.count > 40)
    var page = """
      # Commands

      What `--help` prints for each command. `subterfuge COMMAND --help` prints the same. A test writes this page:
      `RECORD_SNAPSHOTS=1 swift test --filter HelpTests`.

      """
    for command in commands {
      let result = try await Program().run(command + ["--help"])
      #expect(result.status == 0)
      #expect(result.output.contains("Example"), "\(command)")
      let title = (["subterfuge"] + command).joined(separator: " ")
      let help = result.output.trimmingCharacters(in: .newlines)
      page += "\n## \(title)\n\n```text\n\(help)\n```\n"
    }
    try expectSnapshot(page, Self.documentation.appending(path: "Commands.md"))
  }

  /// Every command that does something is shown in the README or on a page of the documentation.
  @Test func everyCommandIsDocumented() async throws {
    let folder = Self.documentation
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".md") && !["Log.md", "Commands.md"].contains($0) }
    let files = names.map { folder.appending(path: $0) } + [folder.appending(path: "../README.md")]
    let pages = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    let commands = try await Self.commands()
    let leaves = commands.filter { command in
      !command.isEmpty && !commands.contains { $0.count > command.count && $0.starts(with: command) }
    }
    for command in leaves {
      #expect(pages.contains("subterfuge \(command.joined(separator: " "))"), "\(command)")
    }
  }
}
