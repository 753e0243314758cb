package import Episodes
package import Statistics

/// One side of a comparison as a person writes it: `RUN[:CHECKPOINT[:ENVIRONMENT[:ARM]]]`, or a bare count `45/32768`, of
/// several training sequences `3/96+5/96+2/96`.
package enum SideSpecification: Sendable, Hashable {
  /// One count for each training sequence.
  case literal([Count])
  /// Every cell of a run that has the parts given; a part that is left out, or empty, is open.
  case cells(run: String, checkpoint: String?, environment: String?, arm: Arm?)

  /// - Throws: `SideError` that says what is wrong with the text.
  package init(_ text: String) throws {
    let counts = try text.split(separator: "+", omittingEmptySubsequences: false).map { try Self.count(String($0)) }
    if counts.allSatisfy({ $0 != nil }) {
      self = .literal(counts.compactMap(\.self))
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let run = parts.first, !run.isEmpty, parts.count <= 4 else {
      throw SideError("'\(text)' is neither RUN[:CHECKPOINT[:ENVIRONMENT[:ARM]]] nor a count such as 45/32768.")
    }
    func part(_ index: Int) -> String? {
      parts.indices.contains(index) && !parts[index].isEmpty ? parts[index] : nil
    }
    self = .cells(run: run, checkpoint: part(1), environment: part(2), arm: part(3).map(Arm.init(rawValue:)))
  }

  /// `nil` for a text that is no count: a count is two numbers with a slash between.
  private static func count(_ text: String) throws -> Count? {
    let parts = text.filter { $0 != "," && $0 != "_" }.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else { return nil }
    guard let events = Int(parts[0]), let trials = Int(parts[1]), trials <= mostTrials else {
      throw SideError("'\(text)' is too large a count: at most \(mostTrials.grouped) episodes can be compared.")
    }
    guard trials > 0, events <= trials else {
      throw SideError("'\(text)' is not a count of events among episodes. Write EVENTS/EPISODES, for example 45/32768.")
    }
    return Count(events: events, trials: trials)
  }

  private static let mostTrials = 1_000_000_000_000

  /// The same with the other side's environment where it names none: two environments are compared only by naming both.
  func inEnvironment(of other: SideSpecification) -> SideSpecification {
    guard case .cells(let run, let checkpoint, nil, let arm) = self, case .cells(_, _, let environment, _) = other
    else {
      return self
    }
    return .cells(run: run, checkpoint: checkpoint, environment: environment, arm: arm)
  }

  /// The run that it is of; `nil` for a bare count.
  package var run: String? {
    if case .cells(let run, _, _, _) = self { run } else { nil }
  }
}

/// What is wrong with a side of a comparison, in one sentence.
package struct SideError: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
