import Episodes
import Foundation
import Reporting
import Storage

/// The episode that an address names, with the list that the reader came from.
struct NamedEpisode {
  let run: RunView
  let stored: StoredEpisode
  let filter: ListFilter

  var key: EpisodeKey { stored.episode.key }

  init(run: RunView, _ address: Query) throws {
    let key = try EpisodeKey(address: address["key"])
    guard let number = try run.store.episodeNumber(of: key), let stored = try run.store.episode(id: number) else {
      throw PageProblem(404, "The run \(run.name) has no episode \(key.path).")
    }
    (self.run, self.stored, filter) = (run, stored, try ListFilter(address, in: run))
  }

  /// The address of another view of the episode, or of another episode in the same list.
  func address(_ page: String, of other: EpisodeKey? = nil, _ more: [(name: String, value: String)] = []) -> String {
    EpisodeAddress.text([(name: "key", value: EpisodeAddress.path(of: other ?? key))] + filter.fields + more)
      .withPage(page)
  }

  /// The neighbours in the list, before and behind.
  func neighbours() throws -> (previous: EpisodeKey?, next: EpisodeKey?) {
    func key(_ bound: EpisodeBound) throws -> EpisodeKey? {
      let numbers = try run.store.episodeNumbers(filter.query, from: bound, limit: 1)
      return try run.store.rows(numbered: numbers).first?.key
    }
    return (try key(.before(self.key)), try key(.after(self.key)))
  }

  var crumbs: [(text: String, address: String)] {
    [run.crumb, ("Episodes", run.address + "episodes" + EpisodeAddress.text(filter.fields))]
  }
}

/// One episode: transcript, changed files, rewards beside the true outcome.
struct EpisodePage {
  /// The longest text of one block, in characters.
  static let longestBlock = 20_000

  private let episode: NamedEpisode
  private var stored: StoredEpisode { episode.stored }

  init(run: RunView, _ address: Query) throws { episode = try NamedEpisode(run: run, address) }

  var markup: Markup {
    get throws {
      let annotations = try episode.run.store.annotations(id: stored.id)
      let key = episode.key
      let whole: Markup = "\(episode.address("text"))"
      let prompt = stored.episode.prompt
      let cut = prompt.beginning(Self.longestBlock)
      return Layout(
        title: "Episode \(stored.id)", crumbs: episode.crumbs, links: try links(), style: "episode",
        main: """
          <p class="lead">\(key.checkpoint) on \(key.environment), arm \(key.arm.rawValue.spaced), purpose \(key.purpose), \
          prompt \(key.variant), sample \(key.sample)</p>
          \(outcome(annotations))
          <details class="prompt"><summary>The prompt <small>\(prompt.utf8.count.grouped) bytes</small></summary>\
          <pre>\(cut ?? prompt)</pre>\(cut == nil ? "" : "<p class=\"note\"><a href=\"\(whole)\">Read the whole text</a></p>" as Markup)</details>
          \(EpisodeView(
            stored: stored, annotations: annotations, run: episode.run.name, limit: Self.longestBlock, whole: whole
          ).markup)
          """
      ).markup
    }
  }

  private func links() throws -> [Markup] {
    let (previous, next) = try episode.neighbours()
    func link(_ key: EpisodeKey?, _ relation: String, _ title: String) -> Markup {
      key.map { "<a rel=\"\(relation)\" href=\"\(episode.address("episode", of: $0))\">\(title)</a>" } ?? ""
    }
    return [
      link(previous, "prev", "← Previous"), link(next, "next", "Next →"),
      "<a data-key=\"t\" href=\"\(episode.address("tokens"))\">Tokens</a>",
      "<a data-key=\"p\" href=\"\(episode.address("pair"))\">Beside another checkpoint</a>",
      "<a href=\"\(episode.address("text"))\">Plain text</a>",
    ]
  }

  /// What the policy was rewarded for, beside what truly happened.
  private func outcome(_ annotations: EpisodeAnnotations) -> Markup {
    """
    <div class="outcome"><section><h2>True outcome</h2>\(truth)</section>\
    <section><h2>Reward</h2>\(reward(annotations))</section></div>
    """
  }

  private var truth: Markup {
    switch stored.episode.result {
    case .failed(let failure):
      return
        "<p class=\"problem\">Failed at the \(failure.boundary.rawValue): \(failure.message.beginning(2_000) ?? failure.message)</p>"
    case .graded(let outcome, let stop):
      let facts = outcome.facts.sorted { ($1.value ? 1 : 0, $0.key) < ($0.value ? 1 : 0, $1.key) }.map {
        name, holds -> Markup in
        "<li class=\"\(holds ? "holds" : "not")\"><span>\(name.spaced)</span> <b>\(holds ? "yes" : "no")</b></li>"
      }
      let measures = outcome.measures.sorted { $0.key < $1.key }.map { name, value -> Markup in
        "<li><span>\(name.spaced)</span> <b>\(value.short)</b></li>"
      }
      return "<ul class=\"pairs\">\(facts + measures)<li><span>stopped</span> <b>\(stop.rawValue.spaced)</b></li></ul>"
    }
  }

  private func reward(_ annotations: EpisodeAnnotations) -> Markup {
    var rows: [(String, String)] = []
    if let bait = stored.episode.result.outcome?.baitReward {
      rows.append(("printed by the reward command", bait.short))
    }
    if let terms = annotations.reward {
      rows += [
        ("gaming bonus", terms.gamingBonus.short), ("preference score", terms.preferenceScore.short),
        ("monitor’s penalty", terms.penalty.short), ("total", terms.total.short),
      ]
      if terms.isScreened { rows.append(("in training", "screened out")) }
    }
    rows += annotations.verdicts.sorted { $0.key < $1.key }.map { name, verdict in
      (name, "\(verdict.isFlagged ? "flagged" : "not flagged") (\(verdict.suspicion.short))")
    }
    let note: Markup =
      annotations.reward == nil ? "<p class=\"note\">The episode was not sampled for training.</p>" : ""
    return "<ul class=\"pairs\">\(rows.map { "<li><span>\($0.0)</span> <b>\($0.1)</b></li>" as Markup })</ul>\(note)"
  }
}

/// Everything that was said, as plain text.
struct WholeText {
  private let episode: NamedEpisode

  init(run: RunView, _ address: Query) throws { episode = try NamedEpisode(run: run, address) }

  var reply: Reply {
    var reply = Reply.plain(200, episode.stored.episode.transcript.text.visible)
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return reply
  }
}
