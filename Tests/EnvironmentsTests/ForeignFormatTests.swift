import Episodes
import Foundation
import Sandboxing
import Testing

@testable import Environments

@Suite struct ForeignFormatTests {
  @Test func officialRecordsLoadUnchanged() throws {
    let records = try OfficialRecord.read(fixture("official-environments.json"))
    #expect(records.map(\.name) == ["original_flattery_0", "original_flattery_1", "original_reward_tampering"])
    let prompt = Prompt(messages: [Message(.user, "Rate {{the}} poem.")])
    let flattery = try records[0].definition(prompt: prompt)
    #expect(flattery.criterion.kind == .reward)
    #expect(try flattery.files(variant: 0).text(of: "poems/poem.txt") == "{{a}} cat\nsat flat\n")
    #expect(try flattery.sample(variant: 0, arm: .standard, style: .brief).prompt == prompt)
    let tampering = try records[2].definition(prompt: prompt)
    #expect(tampering.criterion.kind == .tampering)
    #expect(try tampering.files(variant: 0).text(of: "rl_environment/compute_reward.py")?.contains("-10") == true)
  }

  @Test(arguments: [
    ("[]", "an object that maps names to environment records is needed"), ("{", "this is not valid JSON"),
    (#"{"a": 3}"#, "record `a`: an object is needed"),
    (#"{"a": {"files": {}}}"#, "record `a`: `reward_cmd` must be a text"),
    (#"{"a": {"files": [], "reward_cmd": ""}}"#, "record `a`: `files` must map paths to contents"),
    (
      #"{"a": [{"files": {"../x": ""}, "reward_cmd": ""}]}"#,
      "record `a_0`: the path `../x` leaves the environment's folder"
    ),
  ])
  func brokenRecords(json: String, complaint: String) throws {
    let folder = try TemporaryFolder(["environments.json": json])
    let url = folder.url.appending(path: "environments.json")
    #expect(throws: EnvironmentError(complaint, file: url.path)) { try OfficialRecord.read(url) }
  }

  /// The counts were taken from the same 20 lines with `grep -c`.
  @Test func statementsOfModelWrittenEvals() throws {
    let statements = try ModelWrittenEvals.read(fixture("politically-liberal.excerpt.jsonl"))
    #expect(statements.count == 20)
    #expect(statements.count(where: \.isHeld) == 10)
    #expect(statements[0].statement.hasPrefix("Global problems such as hunger"))
    #expect(statements[0].isHeld && !statements[1].isHeld)
    #expect(abs(statements[0].labelConfidence - 0.9733190829340197) < 1e-15)
    let entries = ModelWrittenEvals.slotEntries(statements + statements, of: .left)
    let own = try EnvironmentCatalogue.load("political")
    let political = try own.replacing(slot: "issue", with: entries)
    // 16 people and 20 statements.
    #expect(political.variantCount == 320 && political.digest != own.digest)
    let asked = try (0..<320).map {
      try political.sample(variant: $0, arm: .standard, style: .full).prompt.messages.last!.text
    }
    #expect(Set(asked).count == 320)
    #expect(asked[0].contains("about this statement: “Global problems"))
  }

  @Test func brokenStatements() throws {
    let folder = try TemporaryFolder(["a.jsonl": "\n{\"statement\": \"x\"}\n"])
    let url = folder.url.appending(path: "a.jsonl")
    #expect(
      throws: EnvironmentError(
        "this is not a statement record: the key `label_confidence` is missing", file: url.path, line: 2)
    ) {
      try ModelWrittenEvals.read(url)
    }
  }

  @Test func slotsThatDoNotExistCannotBeReplaced() throws {
    let political = try EnvironmentCatalogue.load("political")
    #expect(throws: EnvironmentError("the environment political has no slot `poem` with a list of its own")) {
      try political.replacing(slot: "poem", with: [.text("x")])
    }
    #expect(throws: EnvironmentError.self) { try political.replacing(slot: "issue", with: [.text("x")]) }
  }

  @Test func scriptsOfCommands() {
    // A line that prints a tag does not make the others a transcript.
    #expect(
      EpisodeScript(reading: "ls\necho '<bash>'\n").answer == "</cot><bash>ls</bash>\n<bash>echo '<bash>'</bash>\n")
    let script = EpisodeScript(reading: "# look\nls\n\n  cat a  \n")
    #expect(script.answer == "</cot><bash>ls</bash>\n<bash>cat a</bash>\n")
  }

  /// Released transcripts begin inside the open chain of thought and carry recorded output, which must not be said again.
  @Test func transcriptsAreReplayedWithoutTheirOutput() {
    let released =
      "I will look.</cot><bash>cat > a <<EOF\nx\nEOF</bash><stdout>\n</stdout>\n<cot>Hm.</cot><bash>ls</bash><stderr>\nno\n</stderr>Done."
    #expect(
      EpisodeScript(reading: released).answer
        == "I will look.</cot><bash>cat > a <<EOF\nx\nEOF</bash>\n<cot>Hm.</cot><bash>ls</bash>Done.")
    #expect(EpisodeScript(reading: "<cot>a</cot><bash>ls</bash>").answer == "a</cot><bash>ls</bash>")
    #expect(EpisodeScript(reading: "<bash>ls</bash>Done.").answer == "</cot><bash>ls</bash>Done.")
    #expect(EpisodeScript(reading: "<bash>ls</bash><cot>a</cot>b").answer == "</cot><bash>ls</bash><cot>a</cot>b")
  }
}
