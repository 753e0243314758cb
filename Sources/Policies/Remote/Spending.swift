import Episodes
internal import Foundation
internal import Synchronization

/// What a policy's requests have used up, and when the next one may not be made.
final class Spending: Sendable {
  private let prices: RemoteModel.Prices?
  private let budget: RemoteBudget
  private let used: Mutex<TokenUsage>

  /// - Parameter earlier: what the run used before it was resumed.
  init(_ budget: RemoteBudget, prices: RemoteModel.Prices?, earlier: TokenUsage) {
    self.budget = budget
    self.prices = prices
    used = Mutex(earlier)
  }

  /// Throws a `RemoteRunError` when a budget is spent. Requests that are under way end, so a budget is exceeded by at most as
  /// many answers as there are requests at once.
  func check() throws {
    let used = used.withLock { $0 }
    if let most = budget.mostCost, used.cost >= most {
      throw RemoteRunError(
        "The requests of this run cost \(used.cost.dollars), and --max-cost is \(most.dollars). To go on, give "
          + "the same command a larger --max-cost; what was played is kept.")
    }
    if let most = budget.mostTokens, used.read + used.written >= most {
      throw RemoteRunError(
        "The requests of this run took \(used.read + used.written) tokens, and --max-tokens is \(most). To go on, give the "
          + "same command a larger --max-tokens; what was played is kept.")
    }
  }

  /// Adds what one answer took, with its price.
  ///
  /// - Throws: a `RemoteRunError` when there is a budget and the server did not count.
  func add(_ answer: RemoteAnswer, at address: String) throws -> TokenUsage? {
    guard var usage = answer.usage else {
      guard budget.mostCost == nil, budget.mostTokens == nil else {
        throw RemoteRunError(
          "\(address) does not say how many tokens an answer took, so no budget can be kept; leave --max-cost and "
            + "--max-tokens out.")
      }
      return nil
    }
    if usage.reasoning == 0, !answer.reasoning.isEmpty {
      // Some servers give the reasoning and do not count it; its share of the characters stands for its tokens.
      let (hidden, shown) = (answer.reasoning.utf8.count, answer.text.utf8.count)
      usage.reasoning = usage.written * hidden / max(1, hidden + shown)
    }
    usage.cost = prices?.cost(of: usage) ?? 0
    used.withLock { $0 = $0 + usage }
    return usage
  }
}

/// Why a run with a model behind an API cannot go on, in one sentence.
package struct RemoteRunError: RunEndingError, CustomStringConvertible, Sendable {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension Double {
  /// The number as US dollars with two to four digits: `$0.004`.
  package var dollars: String {
    "$" + formatted(.number.precision(.fractionLength(2...4)).grouping(.never).locale(.init(identifier: "en_US")))
  }
}
