/// Which special tokens the encoder recognises in a text. What it does not recognise is ordinary text, so that a file or
/// a message cannot forge one.
package enum SpecialTokens: Sendable {
  /// None: untrusted text.
  case none
  /// The tags of the tool protocol (`<cot>`, `<bash>`, ...), where the vocabulary has them: what a policy and the episode
  /// loop write.
  case tags
  /// The tags and the role and end-of-turn tokens (`<|user|>`, `<|end|>`, ...): a rendered dialogue.
  case all
}

/// Turns text into token ids and back without loss.
///
/// Concatenation is exact: `encode(a) + encode(b, after: encode(a).last)` decodes to `a + b`, for every cut. (Only a model
/// whose own rules compose text, as Qwen's do, gives back its composed form.)
package protocol Tokenizer: Sendable {
  /// The number of token ids; ids run from 0.
  var vocabularySize: Int { get }
  /// The id that fills up rows of a batch, where nothing looks.
  var padding: Int32 { get }
  /// The id that ends a turn (`<|end|>`).
  var endOfTurn: Int32 { get }

  /// Whether a turn ends with the token: with `endOfTurn`, or with another that the model was taught to end with.
  func endsTurn(_ token: Int32) -> Bool

  /// The id of a special token, written as in text; `nil` when it is not one.
  func special(_ name: String) -> Int32?

  /// The tokens of UTF-8 text that stands behind the token `previous` (`nil` at the start of a document).
  func encode(bytes: some Collection<UInt8>, specials: SpecialTokens, after previous: Int32?) -> [Int32]

  /// The tokens of a dialogue as the model reads it, up to and including the opening of its own answer: role marks and
  /// turn ends of the model's own chat format around each message. Text in a message cannot forge a role mark.
  ///
  /// - Throws: a `ModelError` when the vocabulary lacks a role.
  func encode(dialogue messages: [(role: String, text: String)], opening: String) throws -> [Int32]

  /// The bytes that `tokens` add behind the token `previous`. Ids outside the vocabulary add nothing.
  func decode(bytes tokens: some Collection<Int32>, after previous: Int32?) -> [UInt8]
}

extension Tokenizer {
  package func endsTurn(_ token: Int32) -> Bool { token == endOfTurn }

  /// The tokens of a text.
  package func encode(_ text: String, specials: SpecialTokens, after previous: Int32? = nil) -> [Int32] {
    encode(bytes: Array(text.utf8), specials: specials, after: previous)
  }

  /// The text of tokens; byte sequences that are not UTF-8 become U+FFFD.
  package func decode(_ tokens: some Collection<Int32>, after previous: Int32? = nil) -> String {
    String(decoding: decode(bytes: tokens, after: previous), as: UTF8.self)
  }
}
