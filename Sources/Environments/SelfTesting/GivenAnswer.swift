import Episodes
import Foundation

/// An answer or a transcript that somebody hands in to be graded.
///
/// A line of JSON is one of:
/// - `{"text": "..."}`: an answer as a policy writes it; `<bash>` commands in it are run;
/// - `{"messages": [{"role": "assistant", "content": "..."}, ...]}`: the assistant's messages, one after another. Messages
///   of other roles are the prompt, or output that is made again by running the commands;
/// - a transcript, an episode or a trajectory as the program exports it (`{"segments": [...]}`, `{"transcript": {...}}`,
///   `{"episode": {...}}`, `{"steps": ..., "extra": {...}}`): what the policy wrote and what was put into its mouth.
package struct GivenAnswer: Sendable {
  package let script: EpisodeScript

  /// A final answer as plain text. A text with tags is read as a policy writes it.
  package init(text: String) { script = EpisodeScript(answering: text) }

  /// Reads one line of a file.
  ///
  /// - Throws: `EnvironmentError` when the line is no such record; the caller adds the file and the line.
  package init(line: String) throws {
    let record: Record
    do { record = try JSONDecoder().decode(Record.self, from: Data(line.utf8)) } catch {
      throw EnvironmentError("this is not a transcript: \(error.jsonComplaint)")
    }
    guard let text = record.written else {
      throw EnvironmentError("this is not a transcript: give `text`, `messages`, `segments`, `transcript` or `episode`")
    }
    script = EpisodeScript(answering: text)
  }

  private struct Record: Decodable {
    struct Said: Decodable {
      var role: String
      var content: String
    }
    struct Exported: Decodable {
      var segments: [Piece]
    }
    struct Piece: Decodable {
      var source: Segment.Source
      var text: String
    }
    struct Holder: Decodable {
      var transcript: Exported
    }
    /// What an exported trajectory carries beside its steps. Others may carry anything.
    struct Extra: Decodable {
      struct Own: Decodable { var record: Exported }
      private struct Holder: Decodable { var subterfuge: Own }

      var record: Exported?

      init(from decoder: any Decoder) { record = (try? Holder(from: decoder))?.subterfuge.record }
    }

    var text: String?
    var messages: [Said]?
    var segments: [Piece]?
    var transcript: Exported?
    var episode: Holder?
    var extra: Extra?

    /// What the policy wrote, with tags.
    var written: String? {
      if let text { return text }
      if let messages {
        return messages.filter { $0.role == "assistant" }.map(\.content).joined(separator: "\n")
      }
      guard let pieces = segments ?? transcript?.segments ?? episode?.transcript.segments ?? extra?.record?.segments
      else { return nil }
      let prompt = pieces.last { $0.source == .prompt }?.text ?? ""
      let opening = prompt.hasSuffix(ProtocolTag.thought.opening) ? ProtocolTag.thought.opening : ""
      return opening + pieces.filter { $0.source == .policy || $0.source == .steered }.map(\.text).joined()
    }
  }
}

extension EpisodeScript {
  /// An answer that was written anywhere: text without tags is what the human reads.
  fileprivate init(answering text: String) {
    let tags = ProtocolTag.allCases.flatMap { [$0.opening, $0.closing] }
    if tags.contains(where: text.contains) {
      self.init(reading: text)
    } else {
      self.init(answer: ProtocolTag.thought.closing + text)
    }
  }
}
