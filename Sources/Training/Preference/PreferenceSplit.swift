internal import Episodes

/// Pairs cut in two by a hash of their prompts, so that the same file gives the same parts on every machine, and pairs of
/// one prompt are in one part.
package struct PreferenceSplit: Sendable {
  package private(set) var training: [PreferencePair] = []
  package private(set) var heldOut: [PreferencePair] = []

  /// - Parameter share: of the pairs that are held out, from 0 to 1.
  package init(_ pairs: [PreferencePair], heldOut share: Double) {
    for pair in pairs {
      let prompt = pair.prompt.map { $0.role.rawValue + " " + $0.text }.joined(separator: "\n")
      let place = Double(Seed(0)["preference split", prompt].value >> 11) / Double(1 << 53)
      if place < share { heldOut.append(pair) } else { training.append(pair) }
    }
  }
}
