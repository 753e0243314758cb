import Runs
import Storage

/// What the numbers were made from, and how to make them again.
struct ProvenanceSection {
  let provenance: Provenance

  var markup: Markup {
    """
    <table class="plain origin"><tbody>
    <tr><th>Run</th><td>\(provenance.run), \(provenance.episodes.grouped) episodes in the store</td></tr>
    <tr><th>Root seed</th><td class="mono">\(String(provenance.rootSeed))</td></tr>
    <tr><th>Configuration</th><td class="mono">sha256 \(provenance.configurationHash)</td></tr>
    <tr><th>Code</th><td class="mono">\(provenance.codeRevisions.joined(separator: ", then "))</td></tr>
    </tbody></table>
    <p>The same configuration, seed and code make the same episodes and so the same numbers. Every episode, with its \
    transcript, tokens and log-probabilities, is in <code>run.sqlite</code> beside this page.</p>
    <details><summary>The resolved configuration</summary><pre>\(provenance.configuration)</pre></details>
    <details><summary>Checkpoints <small>\(provenance.checkpoints.count)</small></summary><div>
    <table class="plain stack"><thead><tr><th>Name</th><th>Trained from</th><th>Digest of the weights</th></tr></thead>
    <tbody>\(rows)</tbody></table></div></details>
    """
  }

  private var rows: [Markup] {
    provenance.checkpoints.map { checkpoint in
      """
      <tr><td data-label="Name">\(checkpoint.name)</td><td data-label="Trained from">\(checkpoint.parent ?? "—")</td>\
      <td data-label="Digest" class="mono ids">\(checkpoint.digest ?? "—")</td></tr>
      """
    }
  }
}
