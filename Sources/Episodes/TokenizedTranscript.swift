/// A transcript as its policy has read and written it, token by token: the input of training and scoring.
///
/// At almost every place, the policy has read the token that it drew. The exception is a drawn token that continues
/// past a stop string (`Segment.lastRead`). Its log-probability is that of the whole token. The following tokens were
/// drawn from a context that holds only the part of that token that is in the text.
package struct TokenizedTranscript: Sendable, Hashable {
  /// The policy's context, in order.
  package private(set) var tokens: [Int32] = []
  /// The token drawn at each place of `tokens` if it is a different token; otherwise the same token.
  package private(set) var targets: [Int32] = []
  /// Which places the policy drew.
  package private(set) var isDrawn: [Bool] = []
  /// The natural-log probability of each drawn token, 0 elsewhere; `nil` if the transcript does not hold all of them.
  package private(set) var logProbabilities: [Float]? = []

  package init(_ transcript: Transcript) {
    for segment in transcript.segments { append(segment) }
  }

  private mutating func append(_ segment: Segment) {
    let isPolicy = segment.source == .policy
    // Nothing is drawn in the rest of what stands for one token.
    let more = segment.tokens.isEmpty ? [] : Array((segment.lastRead ?? []).dropFirst())
    tokens += segment.tokens
    if let first = segment.lastRead?.first, !segment.tokens.isEmpty { tokens[tokens.count - 1] = first }
    tokens += more
    targets += segment.tokens + more
    isDrawn += segment.tokens.map { _ in isPolicy } + more.map { _ in false }
    if isPolicy && segment.logProbabilities.count != segment.tokens.count { logProbabilities = nil }
    logProbabilities? += isPolicy ? segment.logProbabilities : segment.tokens.map { _ in 0 }
    logProbabilities? += more.map { _ in 0 }
  }
}
