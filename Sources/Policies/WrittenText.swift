internal import Episodes
internal import LanguageModels
internal import Tokenization

/// What a policy has written since it last read something.
///
/// A token may go on behind a stop string: byte-pair vocabularies have `>\n`, `><` and `></` as single tokens, and
/// `</bash>` ends inside them. Then
/// - the text is cut behind the stop string: nobody else sees the rest;
/// - the policy has drawn the whole token, so that token and its log-probability are what is trained;
/// - if something is injected, the policy reads, in place of that token, the tokens of the part that was kept. Its
///   context is then the transcript, byte for byte. With the whole token it would read `</bash></<stdout>`, tags that
///   nothing else ever shows it, or a newline twice; and two tokenizers would give two contexts for one transcript;
/// - if nothing is injected, the policy goes on as if it had not been stopped: the rest begins its next text.
struct WrittenText {
  /// The last drawn token, where it goes on behind a stop string.
  private struct Cut {
    /// The token before it.
    let before: Int32?
    /// Its bytes up to the end of the stop string, and those behind it.
    var kept: [UInt8]
    var surplus: [UInt8]
  }

  /// Everything that was given out.
  private(set) var bytes: [UInt8] = []
  private var cut: Cut?

  /// What a row reads in place of its last drawn token; `nil`: that token.
  func replacement(_ tokenizer: some Tokenizer) -> [Int32]? {
    cut.map { tokenizer.encode(bytes: $0.kept, specials: .tags, after: $0.before) }
  }

  /// Bytes that were drawn but not given out yet.
  var surplus: [UInt8] { cut?.surplus ?? [] }

  /// Gives out what a stop string ends of the surplus; `nil` when there is none in it.
  mutating func takeSurplus(until stops: [String]) -> [UInt8]? {
    guard var cut else { return nil }
    var scanner = StopScanner(stops, after: bytes)
    guard let left = scanner.append(cut.surplus) else { return nil }
    let text = Array(cut.surplus.dropLast(left))
    cut.kept += text
    cut.surplus = cut.surplus.suffix(left)
    self.cut = left > 0 ? cut : nil
    bytes += text
    return text
  }

  /// Gives out the surplus and what was drawn behind it, up to the stop string.
  ///
  /// - Parameter before: the token in front of the drawn ones.
  mutating func take(_ drawn: SampledText, after before: Int32?, _ tokenizer: some Tokenizer) -> [UInt8] {
    let spoken = drawn.stop == .endOfTurn ? drawn.tokens.dropLast() : drawn.tokens[...]
    let text = surplus + tokenizer.decode(bytes: spoken, after: before)
    cut = nil
    if drawn.surplus > 0, let token = drawn.tokens.last {
      let previous = drawn.tokens.dropLast().last ?? before
      let bytes = tokenizer.decode(bytes: [token], after: previous)
      cut = Cut(
        before: previous, kept: bytes.dropLast(drawn.surplus), surplus: bytes.suffix(drawn.surplus))
    }
    let given = Array(text.dropLast(drawn.surplus))
    self.bytes += given
    return given
  }
}
