import Episodes
import Reporting
import Storage

/// The answers of two checkpoints to one prompt, side by side.
struct PairPage {
  private let episode: NamedEpisode
  private let other: String?

  init(run: RunView, _ address: Query) throws {
    episode = try NamedEpisode(run: run, address)
    other = address["with"]
  }

  var markup: Markup {
    get throws {
      let key = episode.key
      let checkpoints = try self.checkpoints()
      let chosen = other ?? checkpoints.last { $0 != key.checkpoint }
      let right = try chosen.flatMap(find)
      return Layout(
        title: "One prompt, two checkpoints",
        crumbs: episode.crumbs + [("Episode \(episode.stored.id)", episode.run.address + episode.address("episode"))],
        style: "pair",
        main: """
          <p class="lead">\(key.environment), arm \(key.arm.rawValue.spaced), purpose \(key.purpose), prompt \(key.variant)</p>
          \(choice(checkpoints, chosen))
          <details class="prompt"><summary>The prompt</summary><pre>\(episode.stored.episode.prompt.beginning(EpisodePage.longestBlock) ?? episode.stored.episode.prompt)</pre></details>
          <div class="two">\(try side(episode.stored))\(try right.map(side) ?? missing(chosen))</div>
          """
      ).markup
    }
  }

  /// The checkpoints that have episodes of the cell's kind, in the order in which they were made.
  private func checkpoints() throws -> [String] {
    let key = episode.key
    let cells = (try episode.run.groups() ?? []).map(\.cell).filter {
      $0.environment == key.environment && $0.arm == key.arm && $0.purpose == key.purpose
    }
    return cells.reduce(into: []) { if $0.last != $1.checkpoint { $0.append($1.checkpoint) } }
  }

  /// The same sample of the other checkpoint, or else its first of the prompt.
  private func find(_ checkpoint: String) throws -> StoredEpisode? {
    var key = episode.key
    key.checkpoint = checkpoint
    if let number = try episode.run.store.episodeNumber(of: key) { return try episode.run.store.episode(id: number) }
    let query = EpisodeQuery(
      checkpoint: checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose, variant: key.variant)
    return try episode.run.store.episodes(query, limit: 1).first
  }

  private func choice(_ checkpoints: [String], _ chosen: String?) -> Markup {
    let links = checkpoints.filter { $0 != episode.key.checkpoint }.map { name -> Markup in
      let current: Markup = name == chosen ? " aria-current=\"true\" class=\"chosen\"" : ""
      return "<a\(current) href=\"\(episode.address("pair", [("with", name)]))\">\(name)</a>"
    }
    return links.isEmpty
      ? "<p>No other checkpoint was asked this.</p>"
      : "<nav class=\"chips\" aria-label=\"The other checkpoint\">\(Markup(joining: links))</nav>"
  }

  private func side(_ stored: StoredEpisode) throws -> Markup {
    let annotations = try episode.run.store.annotations(id: stored.id)
    let address = episode.address("episode", of: stored.episode.key)
    return """
      <section><h2><a href="\(address)">\(stored.episode.key.checkpoint)</a> <small>sample \(stored.episode.key.sample)</small></h2>\
      \(EpisodeView(
        stored: stored, annotations: annotations, run: episode.run.name, limit: EpisodePage.longestBlock,
        whole: "\(episode.address("text", of: stored.episode.key))"
      ).markup)</section>
      """
  }

  private func missing(_ checkpoint: String?) -> Markup {
    "<section><p>\(checkpoint.map { "\($0) has no episode of this prompt." } ?? "There is nothing to compare with.")</p></section>"
  }
}
