/// What happens to text before its words are cut into pieces.
struct TextRules: Sendable {
  /// Where SentencePiece's space that is not there is put before a text.
  enum Prefix: Sendable {
    case never
    /// At the start of the document.
    case first
    /// At the start of the document and behind every token that was matched as it stood.
    case always
  }

  var prefix = Prefix.never
  /// Text is composed (Unicode's NFC) first. The only rule that changes what comes back.
  var composes = false
  /// Applied in turn, each to the words of the one before.
  var cuts: [WordRule] = []
  /// A word that is a piece is that piece, whatever merging would make of it.
  var takesWholeWords = false
}
