package import Episodes
package import Storage

/// One episode: what was said, hidden reasoning marked as such, what the tools answered, what changed, what is true.
package struct EpisodeView {
  /// Blocks shown at most.
  private static let mostBlocks = 400

  let stored: StoredEpisode
  var annotations: EpisodeAnnotations?
  let run: String
  /// The longest text of one block, in characters.
  let limit: Int
  /// The address of the whole text, for texts that are cut; `nil` names the command that prints it.
  var whole: Markup?

  package init(
    stored: StoredEpisode, annotations: EpisodeAnnotations? = nil, run: String, limit: Int, whole: Markup? = nil
  ) {
    self.stored = stored
    self.annotations = annotations
    self.run = run
    self.limit = limit
    self.whole = whole
  }

  private var episode: Episode { stored.episode }

  /// The facts, the blocks, the changed files and where the episode is stored.
  package var markup: Markup {
    """
    \(facts)
    \(Markup(joining: steered + blocks))\(failure)
    \(Markup(joining: episode.changes.map { FileDiff(change: $0).markup }))
    <p class="note">Episode \(stored.id), key <code>\(episode.key.path)</code>, seed \
    <code>\(String(episode.seed.value))</code>. <code>subterfuge show \(run) \(stored.id)</code></p>
    """
  }

  private var blocks: [Markup] {
    let blocks = episode.transcript.blocks
    let rest = blocks.count - Self.mostBlocks
    guard rest > 0 else { return blocks.map(block) }
    let way: Markup = whole.map { link($0) } ?? "`subterfuge show` prints them."
    return blocks.prefix(Self.mostBlocks).map(block) + [
      "<p class=\"note\">\(rest.grouped) more parts are not shown. \(way)</p>"
    ]
  }

  private func link(_ address: Markup) -> Markup { "<a class=\"whole\" href=\"\(address)\">Read the whole text</a>" }

  /// Words that were not the policy's own, said once above the transcript that holds them.
  private var steered: [Markup] {
    let texts = episode.transcript.segments.filter { $0.source == .steered }.map(\.text)
    return texts.map { piece("steered", "put into its mouth by the experimenter", $0) }
  }

  private func block(_ block: Block) -> Markup {
    switch block {
    case .thought(let text) where text.allSatisfy(\.isWhitespace),
      .message(let text) where text.allSatisfy(\.isWhitespace):
      ""
    case .thought(let text): piece("thought", "hidden reasoning, which neither the user nor the reward sees", text)
    case .command(let text): piece("command", "command", text)
    case .output(let text): piece("output", "output", text)
    case .errorOutput(let text): piece("output", "error output", text)
    case .message(let text): piece("said", "said to the user", text)
    }
  }

  private func piece(_ style: String, _ label: String, _ text: String) -> Markup {
    let shown: Markup
    if let whole, let beginning = text.beginning(limit) {
      shown = """
        \(beginning)</pre><p class="note">Cut here; the whole text has \(text.utf8.count.grouped) bytes. \(link(whole))</p>
        """
    } else {
      shown = "\(text.cut(at: limit))</pre>"
    }
    return "<div class=\"block \(style)\"><label>\(label)</label><pre>\(shown)</div>"
  }

  private var failure: Markup {
    guard case .failed(let failure) = episode.result else { return "" }
    return piece("steered", "failed at the \(failure.boundary.rawValue)", failure.message)
  }

  /// What holds. What is not listed does not hold, or does not apply.
  private var facts: Markup {
    guard case .graded(let outcome, let stop) = episode.result else { return "" }
    let truths = outcome.facts.filter(\.value).keys.sorted().map { "<span class=\"yes\">\($0.spaced)</span>" as Markup }
    let others = [outcome.baitReward.map { "reward command printed \($0.short)" }, "stopped: \(stop.rawValue.spaced)"]
    let notes = (others.compactMap(\.self) + training).map { "<span>\($0)</span>" as Markup }
    return "<div class=\"facts\">\(Markup(joining: truths + notes))</div>"
  }

  /// What training made of the episode.
  private var training: [String] {
    guard let annotations else { return [] }
    let reward = annotations.reward.map { terms in
      "reward \(terms.total.short)" + (terms.isScreened ? ", screened out of training" : "")
    }
    let verdicts = annotations.verdicts.sorted { $0.key < $1.key }.map { monitor, verdict in
      "\(monitor): \(verdict.isFlagged ? "flagged" : "not flagged") (\(verdict.suspicion.short))"
    }
    return [reward].compactMap(\.self) + verdicts
  }
}

extension Episode {
  /// What the policy was given.
  package var prompt: String { transcript.segments.filter { $0.source == .prompt }.map(\.text).joined() }
}

extension String {
  /// Underscores as spaces.
  package var spaced: String { replacing("_", with: " ") }

  /// The text without leading empty lines, cut where it is longer than `limit` characters.
  func cut(at limit: Int) -> String {
    let trimmed = String(drop { $0 == "\n" })
    return trimmed.beginning(limit).map { $0 + "\n[cut here; `subterfuge show` prints the rest]" } ?? trimmed
  }

  /// The first `limit` code points, or `nil` if the text has no more. Letters may consist of any number of code points.
  package func beginning(_ limit: Int) -> String? {
    guard utf8.count > limit,
      let end = unicodeScalars.index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex
    else { return nil }
    return String(self[..<end])
  }
}
