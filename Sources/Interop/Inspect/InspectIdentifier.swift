import Episodes

/// Identifiers in the form that Inspect uses: 22 letters and digits. They are derived by name, so that the same episodes
/// exported twice have the same identifiers.
enum InspectIdentifier {
  private static let letters = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")

  static func named(_ parts: String...) -> String {
    let seed = parts.reduce(Seed(0)) { $0[$1] }
    return word(seed[1]) + word(seed[2])
  }

  private static func word(_ seed: Seed) -> String {
    var rest = seed.value
    return String(
      (0..<11).map { _ in
        defer { rest /= UInt64(letters.count) }
        return letters[Int(rest % UInt64(letters.count))]
      })
  }
}
