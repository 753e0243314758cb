package import Episodes
import GRDB
import Runs

/// A judge's reading of an episode's visible text, next to the rule's finding.
package struct JudgedDisclosure: Sendable, Codable, Hashable {
  /// The episode's number in the store.
  package var episode: Int
  /// The judge's name.
  package var judge: String
  package var rule: Disclosure
  package var said: Disclosure

  package init(episode: Int, judge: String, rule: Disclosure, said: Disclosure) {
    self.episode = episode
    self.judge = judge
    self.rule = rule
    self.said = said
  }
}

// A judgement is a step of its own, `disclosure/EPISODE/JUDGE`, so that interrupted judging resumes.
extension RunStore {
  /// Records a judge's readings in one transaction: all of them or none.
  ///
  /// - Throws: `contradiction` if the judge gave a different reading of an episode before.
  package func record(_ judged: [JudgedDisclosure]) throws {
    let steps = try judged.map {
      (Self.disclosures["\($0.episode)/\($0.judge)"].name, try StoredJSON.text($0))
    }
    try write { db in
      for (name, text) in steps { try Self.finish(name, text, db) }
    }
  }

  /// Returns the judges' readings in the order in which they were recorded.
  package func judgedDisclosures() throws -> [JudgedDisclosure] { try results(of: Self.disclosures) }

  private static let disclosures = StepFamily<JudgedDisclosure>("disclosure")
}
