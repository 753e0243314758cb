import Episodes
import Storage

/// One episode: what was said, hidden reasoning marked as such, what the tools answered, what changed, what is true.
struct TranscriptView {
  let sample: SampleEpisode
  let run: String

  private var episode: Episode { sample.stored.episode }

  /// The longest text of one block that the page shows, in characters.
  private static let limit = 4000

  var markup: Markup {
    """
    <details id="episode-\(sample.stored.id)"><summary>\(sample.kind) <small>\(episode.key.checkpoint) · the first \
    of \(sample.total.grouped)</small></summary><div>
    \(facts)
    <details><summary>The prompt</summary><pre>\(cut(prompt))</pre></details>
    \(Markup(joining: steered + episode.transcript.blocks.map(block)))
    \(failure)
    \(Markup(joining: episode.changes.map { FileDiff(change: $0).markup }))
    <p class="note">Episode \(sample.stored.id), key <code>\(episode.key.path)</code>, seed \
    <code>\(String(episode.seed.value))</code>. <code>subterfuge show \(run) \(sample.stored.id)</code></p>
    </div></details>
    """
  }

  private var prompt: String {
    episode.transcript.segments.filter { $0.source == .prompt }.map(\.text).joined()
  }

  /// Words that were not the policy's own, said once above the transcript that holds them.
  private var steered: [Markup] {
    let texts = episode.transcript.segments.filter { $0.source == .steered }.map(\.text)
    return texts.map {
      "<div class=\"block steered\"><label>put into its mouth by the experimenter</label><pre>\(cut($0))</pre></div>"
    }
  }

  private func block(_ block: Block) -> Markup {
    switch block {
    case .thought(let text) where text.allSatisfy(\.isWhitespace),
      .message(let text) where text.allSatisfy(\.isWhitespace):
      ""
    case .thought(let text):
      "<div class=\"block thought\"><label>hidden reasoning, which neither the user nor the reward sees</label><pre>\(cut(text))</pre></div>"
    case .command(let text): "<div class=\"block command\"><label>command</label><pre>\(cut(text))</pre></div>"
    case .output(let text): "<div class=\"block output\"><label>output</label><pre>\(cut(text))</pre></div>"
    case .errorOutput(let text): "<div class=\"block output\"><label>error output</label><pre>\(cut(text))</pre></div>"
    case .message(let text): "<div class=\"block said\"><label>said to the user</label>\(cut(text))</div>"
    }
  }

  private var failure: Markup {
    guard case .failed(let failure) = episode.result else { return "" }
    return
      "<div class=\"block steered\"><label>failed at the \(failure.boundary.rawValue)</label>\(cut(failure.message))</div>"
  }

  private var facts: Markup {
    guard case .graded(let outcome, let stop) = episode.result else { return "" }
    let truths: [Markup] = outcome.facts.sorted { $0.key < $1.key }.map { name, holds in
      let text = name.replacing("_", with: " ")
      return "<span class=\"\(holds ? "yes" : "")\">\(holds ? text : "not \(text)")</span>"
    }
    let reward: Markup = outcome.baitReward.map { "<span>reward command printed \(String($0))</span>" } ?? ""
    return
      "<div class=\"facts\">\(truths)\(reward)<span>stopped: \(stop.rawValue.replacing("_", with: " "))</span></div>"
  }

  private func cut(_ text: String) -> String {
    let trimmed = text.drop { $0 == "\n" }
    guard let end = trimmed.index(trimmed.startIndex, offsetBy: Self.limit, limitedBy: trimmed.endIndex),
      end < trimmed.endIndex
    else { return String(trimmed) }
    return trimmed[..<end] + "\n[cut here; `subterfuge show` prints the rest]"
  }
}
