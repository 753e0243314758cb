/// The tokenizer in the metadata of a GGUF file (`tokenizer.ggml.*`), as read: nothing in it is checked yet.
package struct GGUFTokenizerData: Sendable {
  /// `llama`: SentencePiece pieces merged by score; `gpt2`: byte-level pieces merged by rank.
  package var model: String
  /// The name of the rules that cut text into words before merging (`llama-bpe`, `qwen2`, ...); `default` where `model`
  /// needs none.
  package var pre: String
  /// Piece by id.
  package var tokens: [String]
  /// Score by id; the higher, the earlier a merge (`llama` only).
  package var scores: [Float]
  /// Kind by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte. Empty: all normal.
  package var types: [Int32]
  /// Pairs `left right`, best first (`gpt2` only).
  package var merges: [String]
  package var beginID: Int32?
  package var endID: Int32?
  package var unknownID: Int32?
  package var paddingID: Int32?
  /// Tokens beside `endID` that end a turn.
  package var otherEnds: [Int32]
  /// A document begins with `beginID`; `nil`: when its kind of tokenizer does so.
  package var addsBeginning: Bool?
  /// Text begins with a space that is not there (`llama` only).
  package var addsSpacePrefix: Bool
  /// The Jinja template of a dialogue.
  package var chatTemplate: String?

  package init(
    model: String, pre: String, tokens: [String], scores: [Float], types: [Int32], merges: [String],
    beginID: Int32?, endID: Int32?, unknownID: Int32?, paddingID: Int32?, addsBeginning: Bool?, addsSpacePrefix: Bool,
    chatTemplate: String?, otherEnds: [Int32] = []
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
    self.otherEnds = otherEnds
  }
}
