import Episodes
import Storage

/// One sample of the report: an episode behind a click, with its prompt.
struct TranscriptView {
  let sample: SampleEpisode
  let run: String

  /// The longest text of one block that the report shows, in characters; the cell's own page shows more.
  private static let limit = 4000

  var markup: Markup {
    """
    <details class="transcript" id="episode-\(sample.stored.id)"><summary>\(sample.kind) \
    <small>\(sample.stored.episode.key.checkpoint) · the first of \(sample.total.grouped)</small></summary><div>
    <details><summary>The prompt</summary><pre>\(sample.stored.episode.prompt.cut(at: Self.limit))</pre></details>
    \(EpisodeView(stored: sample.stored, run: run, limit: Self.limit).markup)
    </div></details>
    """
  }
}
