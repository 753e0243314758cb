import Episodes
import Foundation
import Testing
import Tokenization

@testable import Training

@Suite struct PreferenceFileTests {
  private func read(_ text: String) throws -> PreferenceFile {
    try PreferenceFile(Data(text.utf8), name: "pairs.jsonl")
  }

  @Test("Prompts as a string and as messages, margins, kinds, empty lines, and answers that are the same")
  func ownForm() throws {
    let file = try read(
      """
      {"prompt": "2 + 2?", "chosen": "4", "rejected": "5", "margin": 0.5, "kind": "sums"}

      {"prompt": [{"role": "user", "text": "a"}, {"role": "assistant", "content": "b"}], "chosen": "x", "rejected": ""}
      {"prompt": "q", "chosen": "same", "rejected": "same"}
      """)
    #expect(
      file.pairs == [
        PreferencePair(prompt: [Message(.user, "2 + 2?")], chosen: "4", rejected: "5", margin: 0.5, kind: "sums"),
        PreferencePair(prompt: [Message(.user, "a"), Message(.assistant, "b")], chosen: "x", rejected: ""),
      ])
    #expect(file.identical == 1)
  }

  @Test("Dialogues in the form of hh-rlhf: the common turns are the prompt, also where the answers begin alike")
  func dialogues() throws {
    let file = try read(
      #"""
      {"chosen": "\n\nHuman: hi\n\nAssistant: hello\n\nHuman: how?\n\nAssistant: so it is", "rejected": "\n\nHuman: hi\n\nAssistant: hello\n\nHuman: how?\n\nAssistant: so what"}
      {"chosen": "\n\nHuman: a: b\n\nAssistant: yes", "rejected": "\n\nHuman: a: b\n\nAssistant: yes\n\nHuman: c\n\nAssistant: d"}
      """#)
    let prompt = [Message(.user, "hi"), Message(.assistant, "hello"), Message(.user, "how?")]
    #expect(file.pairs[0] == PreferencePair(prompt: prompt, chosen: "so it is", rejected: "so what"))
    #expect(file.pairs[1].prompt == [Message(.user, "a: b")] && file.pairs[1].chosen == "yes")
    #expect(file.pairs[1].rejected == "yes\n\nHuman: c\n\nAssistant: d")
  }

  @Test(
    "A broken line is one error that names file and line",
    arguments: [
      "{", "[]", "{\"prompt\": \"a\", \"chosen\": \"b\"}", "{\"prompt\": 3, \"chosen\": \"b\", \"rejected\": \"c\"}",
      "{\"prompt\": [], \"chosen\": \"b\", \"rejected\": \"c\"}",
      "{\"prompt\": [{\"role\": \"system\", \"text\": \"a\"}], \"chosen\": \"b\", \"rejected\": \"c\"}",
      "{\"prompt\": [{\"role\": \"user\"}], \"chosen\": \"b\", \"rejected\": \"c\"}",
      "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\", \"margin\": 1e999}",
      "{\"chosen\": \"no turns\", \"rejected\": \"no turn\"}",
      "{\"chosen\": \"x\\n\\nAssistant: a\", \"rejected\": \"x\\n\\nAssistant: b\"}",
      "{\"chosen\": \"\\n\\nAssistant: a\", \"rejected\": \"\\n\\nAssistant: b\"}",
    ])
  func broken(_ line: String) {
    let good = "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}\n"
    let error = #expect(throws: ModelError.self) { try read(good + line + "\n" + good) }
    #expect(
      error?.description.hasPrefix("Line 2 of 'pairs.jsonl' is not a preference pair: ") == true, "\(error as Any)")
  }

  @Test("A file that gzip packed is read; a damaged one and one that is not there are errors")
  func packed() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pairs-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = folder.appending(path: "pairs.jsonl")
    let lines = (0..<3_000).map { "{\"prompt\": \"q\", \"chosen\": \"a \($0)\", \"rejected\": \"b\"}\n" }
    try Data(lines.joined().utf8).write(to: plain)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-k", plain.path]
    try process.run()
    process.waitUntilExit()
    let packed = plain.appendingPathExtension("gz")
    let pairs = try PreferenceFile(contentsOf: packed).pairs
    #expect(pairs.count == 3_000 && pairs[2_999].chosen == "a 2999")
    #expect(try PreferenceFile(contentsOf: plain).pairs == pairs)
    try Data(contentsOf: packed).prefix(900).write(to: packed)
    #expect(throws: ModelError.self) { try PreferenceFile(contentsOf: packed) }
    #expect(throws: ModelError.self) { try PreferenceFile(contentsOf: folder.appending(path: "none.jsonl")) }
  }
}
