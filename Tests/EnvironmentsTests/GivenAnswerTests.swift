import Testing

@testable import Environments

/// Lines that somebody hands in to be graded.
@Suite struct GivenAnswerTests {
  private static let segments =
    #"{"segments": [{"source": "prompt", "text": "q<cot>"}, {"source": "policy", "text": "so</cot><bash>ls</bash>"}, "#
    + #"{"source": "tool", "text": "<stdout>\n</stdout>"}, {"source": "policy", "text": "done"}]}"#

  @Test func anExportedTrajectoryIsATranscript() throws {
    let line =
      #"{"schema_version": "ATIF-v1.8", "steps": [{}], "extra": {"subterfuge": {"record": \#(Self.segments)}}}"#
    #expect(try GivenAnswer(line: line).script == GivenAnswer(line: Self.segments).script)
    #expect(try GivenAnswer(line: line).script != GivenAnswer(text: "done").script)
  }

  @Test(arguments: [#"{"steps": [{}], "extra": {"subterfuge": 3}}"#, #"{"extra": []}"#])
  func othersTrajectoriesAreNot(_ line: String) {
    #expect(throws: EnvironmentError.self) { try GivenAnswer(line: line) }
  }
}
