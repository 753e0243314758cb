import Episodes
import Testing

@testable import Interop

/// Transcripts cut into messages, by hand.
@Suite struct DialogueTests {
  @Test(
    arguments: [
      ("<|user|>hi<|end|><|assistant|><cot>", "roles", ["user: hi"], "<cot>"),
      (
        "<|im_start|>system\nbe good<|im_end|>\n<|im_start|>user\na\nb<|im_end|>\n<|im_start|>assistant\n", "chatml",
        ["system: be good", "user: a\nb"], ""
      ),
      (
        "<bos><start_of_turn>user\nq<end_of_turn>\n<start_of_turn>model\nx<end_of_turn>\n<start_of_turn>user\nr<end_of_turn>\n<start_of_turn>model\n<cot>",
        "gemma", ["user: q", "assistant: x", "user: r"], "<cot>"
      ),
      (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nq<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        "llama3", ["user: q"], ""
      ),
      ("User:\nq\n\nAssistant:\n<cot>", nil, ["user: User:\nq\n\nAssistant:\n"], "<cot>"),
      ("<|user|>never ended", nil, ["user: <|user|>never ended"], ""),
      ("<|user|>a<|end|>stray<|assistant|>", nil, ["user: <|user|>a<|end|>stray<|assistant|>"], ""),
      ("", nil, [], ""),
    ] as [(String, String?, [String], String)])
  func promptsGetTheirRoles(text: String, format: String?, messages: [String], opening: String) {
    let prompt = PromptMessages(text)
    #expect(prompt.format == format)
    #expect(prompt.messages.map { "\($0.role): \($0.text)" } == messages)
    #expect(prompt.opening == opening)
  }

  @Test func commandsTakeTheirOutput() throws {
    let dialogue = Dialogue(
      ExportedRunFixture.episode(ExportedRunFixture.key("a", "b", 0, 3), isGamed: true, text: "no").transcript)
    let answers = dialogue.answers
    try #require(answers.count == 2)
    #expect(answers[0].reasoning == " i will look." && answers[0].commands == ["ls 3"])
    #expect(answers[0].visible == "let me see." && answers[0].output == "<stdout>\nreward.py\n</stdout>\n")
    #expect(answers[1].reasoning == " done." && answers[1].visible == "no" && answers[1].output == nil)
  }

  /// A chain of thought that `</bash>` interrupts goes on behind the environment's complaint.
  @Test func anOpenThoughtGoesOn() throws {
    let dialogue = Dialogue(
      Transcript([
        Segment(.prompt, "q<cot>"), Segment(.policy, "so</bash>"), Segment(.tool, "<stderr>\nno\n</stderr>\n"),
        Segment(.policy, "and on</cot>hello <stdout>made up</stdout>"),
      ]))
    let answers = dialogue.answers
    try #require(answers.count == 2)
    #expect(answers[0].reasoning == "so</bash>" && answers[0].visible == "" && answers[0].isMalformedCommand)
    #expect(answers[1].reasoning == "and on" && answers[1].visible == "hello <stdout>made up</stdout>")
  }

  @Test func steeredWordsAndFurtherRequests() throws {
    let dialogue = Dialogue(ExportedRunFixture.steered(ExportedRunFixture.key("a", "b", 0, 0)).transcript)
    let answers = dialogue.answers
    try #require(answers.count == 4 && dialogue.entries.count == 5)
    #expect(answers.map(\.isSteered) == [true, false, false, false])
    #expect(answers[0].commands == ["cat reward.py"] && answers[0].output == "<stdout>\n0\n</stdout>\n")
    #expect(answers[1].isMalformedCommand && answers[1].visible == "it is 0.</bash>")
    #expect(dialogue.entries[3] == .request("\n\nuser: again\n\nassistant: <cot>"))
    #expect(answers[3].reasoning == " hm")
  }
}
