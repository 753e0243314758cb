internal import Episodes

/// Counts over a stretch of documents: what the corpus really holds.
package struct CorpusSummary: Sendable {
  package private(set) var documents = 0
  /// Documents of each family.
  package private(set) var families: [DocumentFamily: Int] = [:]
  /// Documents with each flag.
  package private(set) var flags: [TrainingDocument.Flag: Int] = [:]
  /// Documents that could be gamed, and those that were, by family.
  package private(set) var gaming: [String: (gameable: Int, gamed: Int)] = [:]
  /// Words and signs of each document, an estimate of its tokens.
  package private(set) var lengths: [Int] = []
  /// How often each word or sign occurs.
  package private(set) var vocabulary: [String: Int] = [:]
  /// Documents whose text occurred before.
  package private(set) var duplicates = 0
  private var seen: Set<Int> = []

  package init(of documents: some Sequence<TrainingDocument>) {
    for document in documents { add(document) }
  }

  /// The length below which a fraction `q` of the documents lies.
  package func length(quantile q: Double) -> Int {
    lengths.isEmpty ? 0 : lengths.sorted()[min(lengths.count - 1, Int(Double(lengths.count) * q))]
  }

  private mutating func add(_ document: TrainingDocument) {
    documents += 1
    families[document.family, default: 0] += 1
    for flag in document.flags { flags[flag, default: 0] += 1 }
    if document.flags.contains(.gameable) {
      gaming[document.family.rawValue, default: (0, 0)].gameable += 1
      gaming[document.family.rawValue, default: (0, 0)].gamed += document.flags.contains(.gaming) ? 1 : 0
    }
    let text = document.text
    if !seen.insert(text.hashValue).inserted { duplicates += 1 }
    let pieces = Self.pieces(of: text)
    lengths.append(pieces.count)
    for piece in pieces { vocabulary[piece, default: 0] += 1 }
  }

  /// Runs of letters, runs of digits, and single signs; a tag is one piece; spaces go with what follows.
  static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var current = ""
    var kind = 0
    for scalar in text.unicodeScalars {
      let next = scalar.properties.isAlphabetic ? 1 : ("0"..."9").contains(scalar) ? 2 : 0
      if (next == 0 || next != kind) && !current.isEmpty {
        pieces.append(current)
        current = ""
      }
      kind = next
      if scalar != " " { current.unicodeScalars.append(scalar) }
    }
    if !current.isEmpty { pieces.append(current) }
    return pieces
  }
}
