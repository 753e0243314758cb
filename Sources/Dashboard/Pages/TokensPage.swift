import Episodes
import Foundation
import Reporting
import Storage

/// An episode token by token: which tokens the policy sampled and how likely each was, which were put into its mouth, and
/// which it only read.
struct TokensPage {
  /// Tokens shown at most.
  private static let mostTokens = 6_000

  private let episode: NamedEpisode

  init(run: RunView, _ address: Query) throws { episode = try NamedEpisode(run: run, address) }

  /// What a token is to training.
  private enum Role: String {
    case sampled, forced, masked

    var words: String {
      switch self {
      case .sampled: "sampled by the policy"
      case .forced: "put into its mouth by the experimenter"
      case .masked: "read by the policy, masked in training"
      }
    }
  }

  var markup: Markup {
    let segments = episode.stored.episode.transcript.segments
    let count = segments.reduce(0) { $0 + $1.tokens.count }
    return Layout(
      title: "Tokens of episode \(episode.stored.id)",
      crumbs: episode.crumbs + [("Episode \(episode.stored.id)", episode.run.address + episode.address("episode"))],
      style: "tokens", main: count == 0 ? none : "\(key(segments))\(body(segments))"
    ).markup
  }

  private var none: Markup {
    "<p>The policy of this episode exposes no tokens: it answered as text, behind an API or in an import.</p>"
  }

  private func key(_ segments: [Segment]) -> Markup {
    let logs = segments.filter { $0.source == .policy }.flatMap(\.logProbabilities)
    let mean = logs.isEmpty ? nil : logs.reduce(0, +) / Float(logs.count)
    let roles = [Role.sampled, .forced, .masked].map { role -> Markup in
      "<span><span class=\"token \(role.rawValue)\">token</span> \(role.words)</span>"
    }
    let summary =
      mean.map {
        "\(logs.count.grouped) sampled tokens, on average \(Double($0).short) nats each. The less likely a token was, the darker it is; its title names the number, the log-probability and the probability."
      } ?? "No log-probabilities are stored."
    return "<p class=\"key\">\(Markup(joining: roles))</p><p class=\"note\">\(summary)</p>"
  }

  private func body(_ segments: [Segment]) -> Markup {
    let spelling = episode.run.configuration.spelling(episode.run.folder, episode.key.checkpoint)
    var left = Self.mostTokens
    let pieces = segments.map { segment -> Markup in
      let shown = segment.tokens.prefix(max(0, left))
      left -= segment.tokens.count
      return piece(segment, Array(shown), spelling)
    }
    let rest: Markup = left < 0 ? "<p class=\"note\">\((-left).grouped) more tokens are not shown.</p>" : ""
    let spelled: Markup =
      spelling == nil
      ? """
      <p class="note">The tokenizer of the checkpoint \(episode.key.checkpoint) is not here, so tokens are shown by number.</p>
      """ : ""
    return "\(spelled)\(Markup(joining: pieces))\(rest)"
  }

  private func piece(_ segment: Segment, _ tokens: [Int32], _ spelling: (@Sendable ([Int32]) -> [String])?) -> Markup {
    let role: Role = segment.source == .policy ? .sampled : segment.source == .steered ? .forced : .masked
    let texts = spelling?(tokens) ?? tokens.map { "\($0) " }
    let hasLogs = segment.logProbabilities.count >= tokens.count && !segment.logProbabilities.isEmpty
    let marks = tokens.indices.map { index in
      mark(texts[index], tokens[index], role, hasLogs ? segment.logProbabilities[index] : nil)
    }
    let text: Markup =
      tokens.isEmpty
      ? "<span class=\"note\">\(segment.text.beginning(4_000) ?? segment.text)</span>" : Markup(joining: marks)
    let title =
      segment.source == .policy ? "policy" : segment.source == .steered ? "experimenter" : segment.source.rawValue
    let block: Markup = "<pre class=\"tokens\">\(text)</pre>"
    return segment.source == .prompt
      ? "<details class=\"prompt\"><summary>The prompt <small>\(segment.tokens.count.grouped) tokens</small></summary>\(block)</details>"
      : "<div class=\"block\"><span class=\"label\">\(title), \(segment.tokens.count.grouped) tokens</span>\(block)</div>"
  }

  private func mark(_ text: String, _ token: Int32, _ role: Role, _ log: Float?) -> Markup {
    // A shade for each factor of e, as a class: 0 is certain.
    let shade = log.map { min(6, max(0, Int((-$0).rounded()))) }
    let shadeName = shade.map { " p\($0)" } ?? ""
    let odds = log.map { ", \(Double($0).short) nats, p = \(exp(Double($0)).short)" } ?? ""
    return "<span class=\"token \(role.rawValue)\(shadeName)\" title=\"\(Int(token))\(odds)\">\(text)</span>"
  }
}
