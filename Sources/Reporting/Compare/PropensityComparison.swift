import Episodes
import Foundation
package import Statistics
import Storage

/// The log-odds of fixed texts of two sides of a comparison, in one environment.
package struct PropensityComparison: Sendable, Codable, Hashable {
  package var environment: String
  package var first: String
  package var second: String
  /// Mean log-odds over prompts and sequences, in nats.
  package var logOdds: [Double]
  /// The first side's less the second's, over prompts that both have.
  package var difference: Double
  /// 95 %: across sequences where both sides have several, otherwise across prompts.
  package var interval: Interval?
  /// Two-sided, across sequences; `nil` where a side has one.
  package var test: SeedTest?
  package var prompts: Int
}

extension PropensityComparison {
  /// The comparisons of two sides that name checkpoints, in every environment in which both have scores of the same texts.
  /// `CONDITION.*/STAGE` stands for all sequences of a condition.
  ///
  /// - Throws: `StoreError`.
  package static func all(
    _ first: SideSpecification, _ second: SideSpecification, in runs: [String: ComparedRun]
  ) throws -> [PropensityComparison] {
    let sides = try [first, second].map { try Side($0, runs) }
    guard let one = sides[0], let other = sides[1] else { return [] }
    let shared = one.environments.keys.filter { other.environments[$0] != nil }.sorted()
    return shared.compactMap { PropensityComparison($0, one, other) }
  }

  private init?(_ environment: String, _ first: Side, _ second: Side) {
    let ours: [[Int: Prompt]] = first.environments[environment] ?? []
    let theirs: [[Int: Prompt]] = second.environments[environment] ?? []
    let all: [[Int: Prompt]] = ours + theirs
    guard let any = all.first else { return nil }
    // Prompts that every sequence has, with the same texts.
    let isSame: [Int] = any.keys.sorted().filter { variant in
      all.allSatisfy { $0[variant] != nil && $0[variant]?.texts == any[variant]?.texts }
    }
    guard !isSame.isEmpty, !ours.isEmpty, !theirs.isEmpty else { return nil }
    func means(_ sequences: [[Int: Prompt]]) -> [Double] {
      sequences.map { sequence in isSame.reduce(0) { $0 + (sequence[$1]?.logOdds ?? 0) } / Double(isSame.count) }
    }
    let values = [means(ours), means(theirs)]
    self.environment = environment
    (self.first, self.second) = (first.label, second.label)
    logOdds = values.map { $0.reduce(0, +) / Double($0.count) }
    difference = logOdds[0] - logOdds[1]
    prompts = isSame.count
    test = SeedTest(values[0], against: values[1])
    if let test {
      interval = test.interval
    } else if ours.count == 1, theirs.count == 1 {
      let paired = isSame.map { (ours[0][$0]?.logOdds ?? 0) - (theirs[0][$0]?.logOdds ?? 0) }
      interval = SeedTest(paired)?.interval
    }
  }

  /// One line: `tampering: log-odds −9.10 against −10.25, difference +1.15 (95 % +0.90 to +1.40) over 128 prompts`.
  package var text: String {
    let range = interval.map { " (95 % \($0.lower.signedNats) to \($0.upper.signedNats))" } ?? ""
    let ending =
      test.map { ", p = \($0.p) across sequences" } ?? "; with one sequence a side this says nothing of other seeds"
    return
      "\(environment): log-odds of gaming texts \(logOdds[0].signedNats) against \(logOdds[1].signedNats), difference "
      + "\(difference.signedNats)\(range) over \(prompts.grouped) prompts\(ending)"
  }

  private struct Prompt {
    var logOdds: Double
    /// Digests of the texts, so that only equal texts are compared.
    var texts: [String]
  }

  /// The scores of a side: of each environment one entry for each sequence.
  private struct Side {
    var label: String
    var environments: [String: [[Int: Prompt]]] = [:]

    /// `nil` for a side that names no checkpoint, or an arm that is not scored.
    init?(_ side: SideSpecification, _ runs: [String: ComparedRun]) throws {
      guard case .cells(let name, let checkpoint?, let environment, let arm) = side, let run = runs[name],
        arm == nil || arm == .standard
      else { return nil }
      label = "\(name):\(checkpoint)"
      let parts = checkpoint.components(separatedBy: ".*/")
      func belongs(_ name: String) -> Bool {
        guard parts.count == 2 else { return name == checkpoint }
        guard name.hasPrefix(parts[0]), name.hasSuffix("/" + parts[1]) else { return false }
        let middle = name.dropFirst(parts[0].count).dropLast(parts[1].count + 1)
        return middle.isEmpty || middle.first == "." && Int(middle.dropFirst()) != nil
      }
      let scores = try run.store.continuationScores().filter {
        belongs($0.checkpoint) && (environment == nil || $0.environment == environment)
      }
      for (environment, scores) in Dictionary(grouping: scores, by: \.environment) {
        environments[environment] = Dictionary(grouping: scores, by: \.checkpoint).sorted { $0.key < $1.key }.map {
          Dictionary(grouping: $1, by: \.variant).compactMapValues { scores in
            Propensity.Prompt(scores).map { Prompt(logOdds: $0.logOdds, texts: scores.map(\.digest)) }
          }
        }
      }
    }
  }
}
