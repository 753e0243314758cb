import Testing

/// What the program says about itself.
struct HelpTests {
  static let commands: [[String]] = [
    [], ["run"], ["evaluate"], ["propensity"], ["estimate"], ["plan"], ["plan", "see"], ["plan", "bound"],
    ["plan", "compare"],
    ["runs"], ["runs", "list"], ["runs", "show"], ["runs", "rename"], ["runs", "remove"], ["config"],
    ["config", "show"], ["matrix"], ["compare"], ["report"], ["figures"],
    ["episodes"], ["show"], ["import"], ["environments"],
    ["environments", "new"], ["environments", "check"], ["environments", "list"], ["environments", "show"],
    ["environments", "selftest"], ["environments", "play"],
    ["environments", "played"], ["environments", "grade"],
    ["models"], ["models", "list"], ["models", "show"], ["models", "fetch"],
    ["models", "verify"], ["models", "remove"], ["models", "export"], ["models", "train"], ["models", "corpus"],
    ["models", "train-preference"], ["models", "test-preference"], ["doctor"],
    ["label"], ["labels"], ["labels", "export"], ["labels", "import"], ["labels", "summary"], ["labels", "list"],
  ]

  @Test(arguments: commands)
  func helpIsAsRecorded(_ command: [String]) async throws {
    let result = try await Program().run(command + ["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("Example"))
    try expectSnapshot(result.output, "help-" + (command.isEmpty ? "subterfuge" : command.joined(separator: "-")))
  }

  @Test func versionIsANumber() async throws {
    let result = try await Program().run("--version")
    #expect(result.status == 0)
    #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
