import Episodes
import Foundation
import Testing

@testable import Environments

@Suite struct PromptListTests {
  private func read(_ text: String) throws -> [Prompt] {
    let folder = try TemporaryFolder(["prompts.jsonl": text])
    return try PromptFile.read(folder.url.appending(path: "prompts.jsonl"))
  }

  private func complaint(_ text: String) throws -> String {
    do {
      _ = try read(text)
      return "none"
    } catch let error as EnvironmentError {
      return "\(error.line ?? 0): \(error.message)"
    }
  }

  @Test func everyFormIsRead() throws {
    let prompts = try read(
      #"""
      {"prompt": "How are you?", "chosen": "ignored"}

      {"prompt": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]}
      {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "the answer"}], "id": 7}
      {"chosen": "\n\nHuman: what are pens?\n\nAssistant: Tools.\n\nMore.\n\nHuman: yep\n\nAssistant: Ok.", "rejected": "\n\nHuman: x"}
      """#)
    #expect(
      prompts.map(\.messages) == [
        [Message(.user, "How are you?")], [Message(.user, "a"), Message(.assistant, "b"), Message(.user, "c")],
        [Message(.user, "a")],
        [Message(.user, "what are pens?"), Message(.assistant, "Tools.\n\nMore."), Message(.user, "yep")],
      ])
    #expect(prompts.allSatisfy { $0.opening == "<cot>" })
  }

  @Test(arguments: [
    ("nonsense", "1: this is not a prompt: "),
    (#"{"prompt": "a"}"# + "\n{}", "2: this is not a prompt: the key `chosen` is missing"),
    (#"{"prompt": " "}"#, "1: this is not a prompt: `prompt` has no message of the user to answer"),
    (
      #"{"messages": [{"role": "assistant", "content": "b"}]}"#,
      "1: this is not a prompt: `messages` has no message of the user"
    ),
    (#"{"messages": [{"role": "system", "content": "b"}]}"#, "1: this is not a prompt: "),
    (#"{"chosen": "no labels"}"#, "1: this is not a prompt: `chosen` has no message of the user to answer"),
    (#"{"prompt": 7}"#, "1: this is not a prompt: "), (#"{"chosen": {}}"#, "1: this is not a prompt: "),
  ])
  func complaintsNameTheLine(text: String, message: String) throws {
    #expect(try complaint(text).hasPrefix(message))
  }

  @Test func filesThatHoldNothing() throws {
    let folder = try TemporaryFolder(["empty.jsonl": "\n \n"])
    let file = folder.url.appending(path: "empty.jsonl")
    #expect(
      throws: EnvironmentError("the file has no lines; a list of prompts needs at least one", file: file.path)
    ) { try PromptFile.read(file) }
    let missing = folder.url.appending(path: "missing.jsonl")
    #expect(throws: EnvironmentError("the file is missing", file: missing.path)) {
      try PromptFile.read(missing)
    }
  }

  private func play(_ answer: String) async throws -> Episode {
    let environment = try PromptListEnvironment(name: "mine", prompts: try read(#"{"prompt": "How are you?"}"#))
    let key = EpisodeKey(
      checkpoint: "start", environment: "mine", arm: .standard, purpose: "test", variant: 0, sample: 0)
    return try await EpisodeLoop(environment: environment, policy: ScriptedPolicy(EpisodeScript(answer: answer)))
      .run(key, seed: Seed(1))
  }

  @Test func theOnlyFactIsWhetherItAnswered() async throws {
    #expect(try await play(" hm</cot>Fine.").result == .graded(Outcome(facts: [.answered: true]), stop: .finished))
    #expect(try await play(" hm</cot> \n").result == .graded(Outcome(facts: [.answered: false]), stop: .finished))
    #expect(try await play(" never closed").result == .graded(Outcome(facts: [.answered: false]), stop: .finished))
    let tools = try await play("</cot><bash>ls</bash>Fine.")
    #expect(tools.result == .graded(Outcome(facts: [.answered: false]), stop: .commandLimit))
  }

  @Test func variantsAndArmsAreNamed() throws {
    let environment = try PromptListEnvironment(name: "mine", prompts: [Prompt(messages: [Message(.user, "a")])])
    #expect(environment.variantCount == 1 && environment.arms == [.standard])
    #expect(throws: EnvironmentError("the environment mine has no variant 1; they are numbered 0 to 0")) {
      try environment.sample(variant: 1, arm: .standard, style: .full)
    }
    #expect(throws: EnvironmentError("the environment mine has no arm `benign`; it has standard")) {
      try environment.sample(variant: 0, arm: .benign, style: .full)
    }
    #expect(throws: EnvironmentError("the environment mine has no prompts; give it at least one")) {
      try PromptListEnvironment(name: "mine", prompts: [])
    }
  }
}
