package import Episodes

/// What a run consists of, as a report shows it: its checkpoints, conditions and environments in order, and what each
/// environment measures.
package struct RunOutline: Sendable, Codable, Hashable {
  package var title: String
  /// One or two sentences on what was run.
  package var summary: String
  /// The checkpoints in order: what the curriculum starts from (behind the model as it was before a warm start, where
  /// there was one), then what each stage made.
  package var checkpoints: [Checkpoint]
  /// What was trained and compared; the first is the one that the report is about.
  package var conditions: [Condition]
  package var environments: [Environment]
  /// The purpose of the episodes that are counted.
  package var purpose: String
  /// The arm of the environments that the matrix counts.
  package var arm: Arm

  package init(
    title: String, summary: String, checkpoints: [Checkpoint], conditions: [Condition] = [],
    environments: [Environment], purpose: String = "evaluation", arm: Arm = .standard
  ) {
    self.title = title
    self.summary = summary
    self.checkpoints = checkpoints
    self.conditions = conditions
    self.environments = environments
    self.purpose = purpose
    self.arm = arm
  }
}

extension RunOutline {
  /// The checkpoint that the curriculum starts from, which all others are compared with.
  package var baseline: String? { checkpoints.last { $0.branch == nil }?.name }

  /// The curriculum that the report is about; the benign twin's is another.
  package var mainBranch: Branch? { checkpoints.lazy.compactMap(\.branch).first }
}

extension RunOutline {
  /// A condition of the experiment.
  package struct Condition: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable {
      /// Gaming is rewarded.
      case gaming
      /// The benign twin: the same tasks and tools, honest work is rewarded.
      case benign
      /// A gamed checkpoint is trained on episodes without gaming.
      case trainAway = "train_away"
    }

    package var name: String
    package var summary: String
    package var kind: Kind
    /// `expert_iteration`, `ppo` or `grpo`.
    package var algorithm: String
    /// The condition whose last checkpoint it starts from; `nil`: the experiment's start.
    package var from: String?
    /// The names of its last checkpoints, one for each replicate, in order.
    package var finals: [String]
    /// The condition of the paper that it repeats, a key of `PaperFigure.conditions`; `nil` when there is none.
    package var paperCondition: String?

    package init(
      name: String, summary: String, kind: Kind, algorithm: String, from: String? = nil, finals: [String],
      paperCondition: String? = nil
    ) {
      self.name = name
      self.summary = summary
      self.kind = kind
      self.algorithm = algorithm
      self.from = from
      self.finals = finals
      self.paperCondition = paperCondition
    }
  }

  /// A checkpoint as a row of the matrix.
  package struct Checkpoint: Sendable, Codable, Hashable {
    package var name: String
    /// The curriculum that made it, as in `RoundSummary.branch`; `nil` for what it starts from.
    package var branch: Branch?
    /// The environments that it was trained on, its ancestors' included.
    package var trainedOn: [String]

    package init(name: String, branch: Branch?, trainedOn: [String]) {
      self.name = name
      self.branch = branch
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
