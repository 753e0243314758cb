package import Episodes
internal import Storage

/// What a report is about: which checkpoints and environments of a run, in which order, and what each measures.
package struct ReportSubject: Sendable, Codable, Hashable {
  package var title: String
  /// One or two sentences on what was run.
  package var summary: String
  /// The checkpoints in order: what the curriculum starts from (behind the model as it was before a warm start, where
  /// there was one), then what each stage made.
  package var checkpoints: [Checkpoint]
  package var environments: [Environment]
  /// The purpose of the episodes that are counted.
  package var purpose: String

  package init(
    title: String, summary: String, checkpoints: [Checkpoint], environments: [Environment],
    purpose: String = "evaluation"
  ) {
    self.title = title
    self.summary = summary
    self.checkpoints = checkpoints
    self.environments = environments
    self.purpose = purpose
  }
}

extension ReportSubject {
  /// The checkpoint that the curriculum starts from, which all others are compared with.
  package var baseline: String? { checkpoints.last { $0.curriculum == nil }?.name }

  /// The curriculum that the report is about; the benign twin's is another.
  package var mainCurriculum: String? { checkpoints.lazy.compactMap(\.curriculum).first }

  /// The same without calling an environment trained on when its stage learnt from nothing, or kept nothing that it
  /// learnt.
  func withoutEmptyStages(_ rounds: [RoundSummary]) -> ReportSubject {
    var subject = self
    for index in checkpoints.indices {
      let own = rounds.filter { $0.curriculum == checkpoints[index].curriculum }
      func environments(_ rounds: [RoundSummary]) -> Set<String> {
        Set(rounds.flatMap { $0.environment.split(separator: " + ").map(String.init) })
      }
      let empty = environments(own).subtracting(environments(own.filter { $0.stopped == nil }))
      subject.checkpoints[index].trainedOn.removeAll(where: empty.contains)
    }
    return subject
  }

  /// A checkpoint as a row of the matrix.
  package struct Checkpoint: Sendable, Codable, Hashable {
    package var name: String
    /// The curriculum that made it, as in `RoundSummary.curriculum`; `nil` for what it starts from.
    package var curriculum: String?
    /// The environments that it was trained on, its ancestors' included.
    package var trainedOn: [String]

    package init(name: String, curriculum: String?, trainedOn: [String]) {
      self.name = name
      self.curriculum = curriculum
      self.trainedOn = trainedOn
    }
  }

  /// An environment and the predicates that its columns of the matrix count.
  package struct Environment: Sendable, Codable, Hashable {
    package var name: String
    package var title: String
    /// Whether it is never trained on.
    package var isHeldOut: Bool
    /// At least one; the first is the headline.
    package var measures: [Measure]

    package init(name: String, title: String, isHeldOut: Bool, measures: [Measure]) {
      self.name = name
      self.title = title
      self.isHeldOut = isHeldOut
      self.measures = measures
    }
  }

  /// A predicate and how a person calls it, for example `overwrite and pass`.
  package struct Measure: Sendable, Codable, Hashable {
    package var predicate: Predicate
    package var title: String

    package init(_ predicate: Predicate, _ title: String) {
      self.predicate = predicate
      self.title = title
    }

    /// What a training environment's column counts.
    package static let gamed = Measure(.gamed, "gamed")
  }
}
