import Episodes
import Foundation
import Reporting
import Storage

/// An episode token by token: which tokens the policy sampled and how likely each was, which were put into its mouth, and
/// which it only read.
struct TokensPage {
  /// Tokens shown at most.
  private static let mostTokens = 6_000

  /// A larger difference between the sampler and the trainer is marked, in nats.
  private static let notableGap: Float = 0.01

  private let episode: NamedEpisode
  /// Whether the reader asks for the trainer's log-probabilities.
  private let asksTrainer: Bool

  init(run: RunView, _ address: Query) throws {
    episode = try NamedEpisode(run: run, address)
    asksTrainer = address["trainer"] == "yes"
  }

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
      style: "tokens", main: count == 0 ? none : shown(segments)
    ).markup
  }

  private func shown(_ segments: [Segment]) -> Markup {
    let hasLogs = segments.contains { $0.source == .policy && !$0.logProbabilities.isEmpty }
    if !hasLogs { return "\(key(segments))\(body(segments, []))" }
    if !asksTrainer {
      return """
        \(key(segments))<p class="note">The store holds the sampler’s log-probabilities alone. \
        <a href="\(episode.address("tokens", [("trainer", "yes")]))">Compute the trainer’s from the checkpoint’s file</a>, \
        to see whether the two agree.</p>\(body(segments, []))
        """
    }
    do {
      let scores = try trainerScores()
      return "\(key(segments))\(gap(segments, scores))\(body(segments, scores))"
    } catch {
      let text = "The trainer’s log-probabilities cannot be computed. \(error.localizedDescription)"
      return "\(key(segments))<p class=\"problem\" role=\"alert\">\(text)</p>\(body(segments, []))"
    }
  }

  // MARK: Sampler and trainer

  private func trainerScores() throws -> [Float] {
    let store = episode.run.store
    return try episode.run.configuration.trainerScores(
      store, store.checkpointFile(episode.key.checkpoint), episode.stored.episode.transcript)
  }

  /// How far the two lie apart over the episode.
  private func gap(_ segments: [Segment], _ scores: [Float]) -> Markup {
    let own = segments.filter { $0.source == .policy }.flatMap { segment in
      segment.tokens.indices.map { segment.logProbabilities.indices.contains($0) ? segment.logProbabilities[$0] : nil }
    }
    let gaps = zip(own, scores).compactMap { log, score in log.map { abs($0 - score) } }
    guard let largest = gaps.max() else {
      return "<p class=\"note\">The trainer has no log-probability for any of these tokens.</p>"
    }
    let mean = gaps.reduce(0, +) / Float(gaps.count)
    let marked = gaps.count { $0 > Self.notableGap }
    let rest = own.count > gaps.count ? " \((own.count - gaps.count).grouped) tokens have only one of the two." : ""
    return """
      <p class="gap-summary">Sampler and trainer differ by \(Double(mean).short) nats on average and \(Double(largest).short) at \
      most, over \(gaps.count.grouped) tokens; \(marked.grouped) differ by more than \(Double(Self.notableGap).short) and are \
      <span class="token sampled gap">framed</span>.\(rest) The trainer’s values were computed now, at the temperature of the \
      run, from the checkpoint’s file.</p>
      """
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

  /// - Parameter scores: the trainer's log-probabilities of the drawn tokens in order; may end early.
  private func body(_ segments: [Segment], _ scores: [Float]) -> Markup {
    let spelling = (try? episode.run.store.checkpointFile(episode.key.checkpoint))
      .flatMap(episode.run.configuration.spelling)
    var left = Self.mostTokens
    var drawn = scores[...]
    let pieces = segments.map { segment -> Markup in
      let shown = segment.tokens.prefix(max(0, left))
      left -= segment.tokens.count
      let own = segment.source == .policy ? drawn.prefix(segment.tokens.count) : []
      drawn = drawn.dropFirst(own.count)
      return piece(segment, Array(shown), Array(own), spelling)
    }
    let rest: Markup = left < 0 ? "<p class=\"note\">\((-left).grouped) more tokens are not shown.</p>" : ""
    let spelled: Markup =
      spelling == nil
      ? """
      <p class="note">The tokenizer of the checkpoint \(episode.key.checkpoint) is not here, so tokens are shown by number.</p>
      """ : ""
    return "\(spelled)\(Markup(joining: pieces))\(rest)"
  }

  private func piece(
    _ segment: Segment, _ tokens: [Int32], _ scores: [Float], _ spelling: (@Sendable ([Int32]) -> [String])?
  ) -> Markup {
    let role: Role = segment.source == .policy ? .sampled : segment.source == .steered ? .forced : .masked
    let texts = spelling?(tokens) ?? tokens.map { "\($0) " }
    let hasLogs = segment.logProbabilities.count >= tokens.count && !segment.logProbabilities.isEmpty
    let marks = tokens.indices.map { index in
      mark(
        texts[index], tokens[index], role, hasLogs ? segment.logProbabilities[index] : nil,
        scores.indices.contains(index) ? scores[index] : nil)
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

  /// - Parameters:
  ///   - log: the sampler's log-probability.
  ///   - score: the trainer's.
  private func mark(_ text: String, _ token: Int32, _ role: Role, _ log: Float?, _ score: Float?) -> Markup {
    // A shade for each factor of e, as a class: 0 is certain.
    let shade = log.map { min(6, max(0, Int((-$0).rounded()))) }
    let shadeName = shade.map { " p\($0)" } ?? ""
    let odds = log.map { ", \(Double($0).short) nats, p = \(exp(Double($0)).short)" } ?? ""
    let gap = log.flatMap { log in score.map { $0 - log } }
    let gapName = gap.map { abs($0) > Self.notableGap ? " gap" : "" } ?? ""
    let trainer = score.map { "; trainer \(Double($0).short) nats" } ?? ""
    let difference = gap.map { ", gap \(Double($0).short)" } ?? ""
    return """
      <span class="token \(role.rawValue)\(shadeName)\(gapName)" title="\(Int(token))\(odds)\(trainer)\(difference)">\(text)</span>
      """
  }
}
