import Statistics

/// How far the sequences of a condition lie apart, in a cell of a table; nothing for a single sequence.
struct SequenceStrip {
  let sequences: Sequences
  /// How many sequences the condition has.
  let expected: Int
  /// The rate at the right end of the strip.
  let top: Double

  var markup: Markup {
    if expected < 2 { return "" }
    let measured = sequences.tallies.count
    let missing = measured < expected ? " (\(measured) of \(expected) sequences)" : ""
    guard let spread = sequences.spread else { return "<span>\(missing)</span>" }
    let ticks: [Markup] = sequences.rates.map { rate in
      let x = 1 + 98 * (top == 0 ? 0 : rate / top)
      return "<line x1=\"\(length: x)\" x2=\"\(length: x)\" y1=\"1\" y2=\"9\"/>"
    }
    return """
      <span class="spread">seq. \(spread)\(missing)<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\
      <line class="axis" x1="0" x2="100" y1="9.5" y2="9.5"/>\(Markup(joining: ticks))</svg></span>
      """
  }
}
