package import Episodes
internal import Foundation
package import HTTP

/// A reward model behind an address in the preference model's place.
///
/// `POST {"prompt": [{"role": "user", "text": ...}], "answers": ["..."]}` is answered by `{"scores": [...]}`: one number for
/// each answer, in order, used as it is; the server gives about 0 to 1. The answers are visible text, tags included.
package struct RewardEndpoint: PreferenceScorer {
  private let remote: RemoteClient

  package var name: String { "reward endpoint \(remote.address)" }

  /// - Parameter environment: where the key is looked up.
  /// - Throws: a `RemoteError` when a setting cannot be or the key is missing.
  package init(
    _ settings: RemoteSettings, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    remote = try RemoteClient(settings, environment: environment)
  }

  /// Answers of one prompt that stand side by side are sent together.
  static let batch = 32

  /// - Throws: a `JudgingError` when the server does not give one finite number for each answer.
  package func scores(_ answers: [VisibleAnswer]) async throws -> [Double] {
    let batches = answers.reduce(into: [[VisibleAnswer]]()) { batches, answer in
      if let last = batches.last, last[0].prompt == answer.prompt, last.count < Self.batch {
        batches[batches.count - 1].append(answer)
      } else {
        batches.append([answer])
      }
    }
    return try await remote.concurrently(batches, scores(ofOnePrompt:)).flatMap { $0 }
  }

  @Sendable private func scores(ofOnePrompt answers: [VisibleAnswer]) async throws -> [Double] {
    let body = Request(prompt: answers[0].prompt.messages, answers: answers.map(\.text.text))
    let scores = try await remote.post(body, as: Answer.self).scores
    guard scores.count == answers.count, scores.allSatisfy(\.isFinite) else {
      throw JudgingError(
        "\(remote.address) gave \(scores.count) scores for \(answers.count) answers; it must give one finite number for "
          + "each.")
    }
    return scores
  }

  private struct Request: Encodable {
    let prompt: [Message]
    let answers: [String]
  }

  private struct Answer: Decodable {
    let scores: [Double]
  }
}
