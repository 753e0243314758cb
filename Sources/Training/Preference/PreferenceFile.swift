internal import Episodes
package import Foundation
internal import Tokenization

/// Preference pairs in a JSONL file, plain or compressed by gzip (`.gz`). The file is untrusted.
///
/// A line is `{"prompt": ..., "chosen": ..., "rejected": ...}`, with `margin` and `kind` if wanted; the prompt is a string
/// or a list of `{"role", "text"}` (or `"content"`). Without a prompt, `chosen` and `rejected` are whole dialogues as in
/// hh-rlhf, with "\n\nHuman: " and "\n\nAssistant: " before each turn: what they have in common up to its last Assistant is
/// the prompt, the rest are the answers.
package struct PreferenceFile: Sendable {
  package let pairs: [PreferencePair]
  /// Lines whose answers are the same, which say nothing and are left out; hh-rlhf has some.
  package let identical: Int

  /// Bytes that are read, once unpacked.
  static let longestFile = 2 << 30

  /// - Parameter name: what errors call the file, if not its path.
  /// - Throws: a `ModelError` that names the file and the line.
  package init(contentsOf file: URL) throws {
    try self.init(Self.bytes(of: file), name: file.path)
  }

  init(_ data: Data, name: String) throws {
    var pairs: [PreferencePair] = []
    var identical = 0
    let decoder = JSONDecoder()
    for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { !Self.spaces.contains($0) }) else { continue }
      let pair: PreferencePair
      do { pair = try decoder.decode(PreferenceLine.self, from: line).pair() } catch {
        throw ModelError("Line \(index + 1) of '\(name)' is not a preference pair: \(Self.words(error)).")
      }
      if pair.chosen == pair.rejected { identical += 1 } else { pairs.append(pair) }
    }
    self.pairs = pairs
    self.identical = identical
  }

  private static let spaces: Set<UInt8> = [0x20, 0x09, 0x0D]

  private static func bytes(of file: URL) throws -> Data {
    do {
      guard file.pathExtension == "gz" else {
        let data = try Data(contentsOf: file, options: .mappedIfSafe)
        guard data.count <= longestFile else { throw ModelError("it is longer than \(longestFile >> 30) GiB") }
        return data
      }
      return try unpacked(file)
    } catch {
      throw ModelError("The preference pairs in '\(file.path)' cannot be read: \(Self.words(error)).")
    }
  }

  /// What `gzip` makes of a file, as much as may be read of it.
  private static func unpacked(_ file: URL) throws -> Data {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var data = Data()
    while data.count <= longestFile, let more = try output.fileHandleForReading.read(upToCount: 1 << 20), !more.isEmpty
    {
      data.append(more)
    }
    guard data.count <= longestFile else {
      process.terminate()
      throw ModelError("it is longer than \(longestFile >> 30) GiB")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ModelError("gzip cannot unpack it; is it damaged?") }
    return data
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "it has no '\(key.stringValue)'"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of the wrong kind"
    case DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty ? "it is not JSON" : context.debugDescription
    case let error as ModelError: error.description
    case let error as CocoaError where error.code == .fileReadNoSuchFile: "there is no such file"
    default: error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }
  }
}

/// One line as it stands in a file.
private struct PreferenceLine: Decodable {
  /// A prompt as a string, or as messages in either of the usual forms.
  enum Prompt: Decodable {
    struct Turn: Decodable {
      let role: Role
      let text: String?
      let content: String?
    }

    case text(String)
    case turns([Turn])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let text = try? value.decode(String.self) {
        self = .text(text)
      } else {
        self = .turns(try value.decode([Turn].self))
      }
    }

    func messages() throws -> [Message] {
      switch self {
      case .text(let text): return [Message(.user, text)]
      case .turns(let turns):
        guard !turns.isEmpty else { throw ModelError("its prompt has no messages") }
        return try turns.map { turn in
          guard let text = turn.text ?? turn.content else { throw ModelError("a message of its prompt has no text") }
          return Message(turn.role, text)
        }
      }
    }
  }

  let prompt: Prompt?
  let chosen: String
  let rejected: String
  let margin: Double?
  let kind: String?

  func pair() throws -> PreferencePair {
    guard margin?.isFinite ?? true else { throw ModelError("its margin is not finite") }
    guard let prompt else {
      let (messages, chosen, rejected) = try DialoguePair(chosen, rejected).parts()
      return PreferencePair(prompt: messages, chosen: chosen, rejected: rejected, margin: margin, kind: kind)
    }
    return PreferencePair(
      prompt: try prompt.messages(), chosen: chosen, rejected: rejected, margin: margin, kind: kind)
  }
}

/// Two dialogues in the form of hh-rlhf.
private struct DialoguePair {
  private static let (human, assistant) = ("\n\nHuman:", "\n\nAssistant:")

  let chosen: Substring
  let rejected: Substring

  init(_ chosen: String, _ rejected: String) { (self.chosen, self.rejected) = (chosen[...], rejected[...]) }

  /// The common prompt and the two answers.
  func parts() throws -> (prompt: [Message], chosen: String, rejected: String) {
    let common = zip(chosen, rejected).prefix { $0 == $1 }.count
    guard let mark = chosen.prefix(common).ranges(of: Self.assistant).last else {
      throw ModelError("it has no prompt, and the dialogues have no Assistant's turn in common")
    }
    let prompt = chosen[..<mark.lowerBound]
    let answers = [chosen, rejected].map { $0.dropFirst(prompt.count + Self.assistant.count) }
    return (try Self.messages(prompt), Self.trimmed(answers[0]), Self.trimmed(answers[1]))
  }

  private static func messages(_ text: Substring) throws -> [Message] {
    var messages: [Message] = []
    var rest = text
    while !rest.isEmpty {
      guard let role: Role = rest.hasPrefix(human) ? .user : rest.hasPrefix(assistant) ? .assistant : nil else {
        throw ModelError("its dialogue does not begin with 'Human:' or 'Assistant:' after two line breaks")
      }
      rest = rest.dropFirst((role == .user ? human : assistant).count)
      let end = [human, assistant].compactMap { rest.firstRange(of: $0)?.lowerBound }.min() ?? rest.endIndex
      messages.append(Message(role, trimmed(rest[..<end])))
      rest = rest[end...]
    }
    guard !messages.isEmpty else { throw ModelError("its dialogue has no turn before the answer") }
    return messages
  }

  private static func trimmed(_ text: Substring) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}
