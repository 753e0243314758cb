/// The tags of the tool protocol (paper section 1, "Tool syntax").
///
/// A policy writes `<bash>command</bash>`; the episode loop inserts `<stdout>` or `<stderr>` blocks. Everything between
/// `<cot>` and `</cot>` is the hidden chain of thought. Text outside all tags is what the human sees.
package enum ProtocolTag: String, CaseIterable, Sendable {
  case thought = "cot"
  case command = "bash"
  case output = "stdout"
  case errorOutput = "stderr"

  /// The opening tag, for example `<cot>`.
  package var opening: String { "<\(rawValue)>" }

  /// The closing tag, for example `</cot>`.
  package var closing: String { "</\(rawValue)>" }
}
