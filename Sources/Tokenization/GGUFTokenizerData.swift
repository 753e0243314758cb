/// The tokenizer that a GGUF file carries, as its metadata gives it (`tokenizer.ggml.*`). Untrusted: nothing is checked yet.
package struct GGUFTokenizerData: Sendable {
  /// `llama` (SentencePiece pieces with scores) or `gpt2` (byte-level pairs with merges).
  package let model: String
  /// The rule that cuts text before pairs are merged: `default`, `llama-bpe`, `qwen2`, ...
  package let pre: String
  package let tokens: [String]
  /// One a token, or empty.
  package let scores: [Float]
  /// One a token, or empty: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.
  package let types: [Int32]
  /// Pairs with a space between them, most frequent first.
  package let merges: [String]
  package let beginID: Int32?
  package let endID: Int32?
  package let unknownID: Int32?
  package let paddingID: Int32?
  /// A text begins with `beginID`.
  package let addsBeginning: Bool
  /// A text is read as if a space stood before it.
  package let addsSpacePrefix: Bool
  /// The Jinja template of a dialogue.
  package let chatTemplate: String?

  package init(
    model: String, pre: String, tokens: [String], scores: [Float], types: [Int32], merges: [String], beginID: Int32?,
    endID: Int32?, unknownID: Int32?, paddingID: Int32?, addsBeginning: Bool, addsSpacePrefix: Bool,
    chatTemplate: String?
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.scores = scores
    self.types = types
    self.merges = merges
    self.beginID = beginID
    self.endID = endID
    self.unknownID = unknownID
    self.paddingID = paddingID
    self.addsBeginning = addsBeginning
    self.addsSpacePrefix = addsSpacePrefix
    self.chatTemplate = chatTemplate
  }
}
