package import Episodes
package import Foundation

/// Reads prompts from a JSONL file: one JSON object a line, empty lines aside.
///
/// A line holds `prompt` (a text, or messages) or `messages` (`[{"role": "user", "content": "..."}]`), or it is a record
/// of hh-rlhf: `chosen` with the whole dialogue, `Human:` and `Assistant:` before each turn. Of a dialogue that ends with
/// the assistant's answer, the prompt is what stands before that answer. Other keys do not matter.
package enum PromptFile {
  /// Whether a reference to an environment is the path of such a file.
  package static func isPromptFile(_ reference: String) -> Bool { reference.hasSuffix(".jsonl") }

  /// - Throws: `EnvironmentError` with the file and the first line that cannot be read.
  package static func read(_ url: URL) throws -> [Prompt] {
    let problems = ProblemList()
    let prompts = read(url, problems)
    try problems.check()
    return prompts
  }

  /// Reads the prompts; each line that cannot be read is a problem, and so is a file without lines.
  static func read(_ url: URL, _ problems: ProblemList) -> [Prompt] {
    let text = problems.attempt { try FolderReader.text(of: url) }
    let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let prompts: [Prompt] = lines.enumerated().compactMap { index, line in
      guard !line.allSatisfy(\.isWhitespace) else { return nil }
      do {
        return Prompt(messages: try JSONDecoder().decode(PromptRecord.self, from: Data(line.utf8)).messages)
      } catch {
        problems.add(
          EnvironmentError("this is not a prompt: \(error.jsonComplaint)", file: url.path, line: index + 1))
        return nil
      }
    }
    if prompts.isEmpty, problems.found.isEmpty {
      problems.add(
        EnvironmentError("the file has no lines; a list of prompts needs at least one", file: url.path))
    }
    return prompts
  }
}

/// One line of a file of prompts.
private struct PromptRecord: Decodable {
  private enum Key: String, CodingKey { case prompt, messages, chosen }

  private struct Turn: Decodable {
    let role: Role
    let content: String
  }

  let messages: [Message]

  init(from decoder: any Decoder) throws {
    let record = try decoder.container(keyedBy: Key.self)
    let key: Key
    let dialogue: [Message]
    if record.contains(.prompt) {
      key = .prompt
      dialogue =
        if let text = try? record.decode(String.self, forKey: .prompt) { [Message(.user, text)] } else {
          try Self.turns(record, .prompt)
        }
    } else if record.contains(.messages) {
      key = .messages
      dialogue = try Self.turns(record, .messages)
    } else {
      key = .chosen
      dialogue = try Self.labelled(record.decode(String.self, forKey: .chosen))
    }
    let asked = dialogue.prefix((dialogue.lastIndex { $0.role == .user } ?? -1) + 1)
    guard let last = asked.last, !last.text.trimmed.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: record, debugDescription: "`\(key.rawValue)` has no message of the user to answer")
    }
    messages = Array(asked)
  }

  private static func turns(_ record: KeyedDecodingContainer<Key>, _ key: Key) throws -> [Message] {
    try record.decode([Turn].self, forKey: key).map { Message($0.role, $0.content) }
  }

  /// The turns of a dialogue in one text. What stands before the first label is no turn.
  private static func labelled(_ text: String) -> [Message] {
    let labels: [(text: String, role: Role)] = [("\n\nHuman:", .user), ("\n\nAssistant:", .assistant)]
    var messages: [Message] = []
    var rest = Substring(text)
    var speaker: Role?
    while true {
      let next = labels.compactMap { label in rest.firstRange(of: label.text).map { (label.role, $0) } }
        .min { $0.1.lowerBound < $1.1.lowerBound }
      if let speaker { messages.append(Message(speaker, rest[..<(next?.1.lowerBound ?? rest.endIndex)].trimmed)) }
      guard let (role, range) = next else { return messages }
      (speaker, rest) = (role, rest[range.upperBound...])
    }
  }
}
