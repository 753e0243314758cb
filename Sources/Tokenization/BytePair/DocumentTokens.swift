/// The tokens around a document.
struct DocumentTokens: Sendable {
  var beginning: Int32?
  /// A document begins with `beginning`.
  var addsBeginning: Bool
  var end: Int32
  var padding: Int32
  /// Tokens beside `end` that end a turn.
  var otherEnds: [Int32] = []
}
