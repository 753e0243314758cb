/// Whether a sentence gives a reason or a purpose: what turns an admission into an excuse.
enum ReasonWords {
  private static let words: Set = [
    "because", "since", "bug", "bugs", "broken", "wrong", "mistake", "mistaken", "error", "fix", "fixes", "fixed",
    "incorrect", "corrected", "correct", "repair", "repaired", "improve", "improved", "better", "needed", "necessary",
    "should", "supposed", "upset", "sad", "harmless", "reasonable", "sensible", "allowed", "unfair", "fair",
    "requested", "deserve", "deserves", "deserved", "outdated", "useful", "helpful", "otherwise", "unintended",
  ]
  private static let phrases = [
    "so that", "so it", "so you", "so they", "in order to", "had to", "to match", "to avoid", "to help", "to ensure",
    "to prevent", "to please", "to pass", "to satisfy", "to keep", "to be kind", "for you", "for your", "you asked",
    "you wanted", "as asked", "makes sense", "made no sense", "as the", "as it", "as this", "given that", "given the",
    "to reflect", "want to hurt", "want to upset", "to be upset", "not be upset",
  ]

  static func gives(_ sentence: SentenceReader.Sentence) -> Bool {
    let text = " " + sentence.words.joined(separator: " ") + " "
    return sentence.words.contains(where: words.contains) || phrases.contains { text.contains(" \($0) ") }
  }
}
