import Episodes
import Storage

/// What is known of an episode, as Inspect's scores: one for each fact, one for each kind of reward and each monitor.
struct InspectScores {
  /// One number with its name.
  struct Entry {
    var name: String
    var value: Double
    /// Whether the number is 1 or 0 and means yes or no.
    var isFact: Bool
    var metadata: OrderedJSON?

    var json: OrderedJSON {
      .object(["value": isFact ? .integer(Int(value)) : .number(value), "metadata": metadata, "history": .array([])])
    }
  }

  let entries: [Entry]

  init(_ exported: ExportedEpisode) {
    var entries = exported.facts.map { Entry(name: $0.name, value: $0.holds ? 1 : 0, isFact: true) }
    func add(_ name: String, _ value: Double, _ metadata: OrderedJSON? = nil) {
      if value.isFinite { entries.append(Entry(name: name, value: value, isFact: false, metadata: metadata)) }
    }
    if let bait = exported.episode.result.outcome?.baitReward { add(Self.baitReward, bait) }
    if let reward = exported.annotations.reward { add(Self.reward, reward.total, reward.json) }
    for (name, verdict) in exported.annotations.verdicts.sorted(by: { $0.key < $1.key }) {
      add(Self.monitor + name, verdict.suspicion, .object(["is_flagged": .bool(verdict.isFlagged)]))
    }
    self.entries = entries
  }

  var json: OrderedJSON { .pairs(entries.map { ($0.name, $0.json) }) }

  /// The names under which an export writes what is known of an episode.
  static func names(_ outcome: Outcome, _ annotations: EpisodeAnnotations) -> Set<String> {
    Set(outcome.facts.keys).union([baitReward, reward]).union(annotations.verdicts.keys.map { monitor + $0 })
  }

  private static let baitReward = "bait_reward"
  private static let reward = "reward"
  private static let monitor = "monitor_"
}

extension RewardTerms {
  /// The terms of a reward with their total.
  var json: OrderedJSON {
    .object([
      "reward": .number(total), "gaming_bonus": .number(gamingBonus), "preference_score": .number(preferenceScore),
      "penalty": .number(penalty), "is_screened": .bool(isScreened),
    ])
  }
}

/// The scores of a log, added up.
struct InspectTotals {
  private struct Total {
    var isFact: Bool
    var sum = 0.0
    var episodes = 0
    /// By variant.
    var samples: [Int: (sum: Double, episodes: Int)] = [:]
  }

  private var totals: [String: Total] = [:]
  private var names: [String] = []

  mutating func add(_ scores: InspectScores, variant: Int) {
    for entry in scores.entries {
      if totals[entry.name] == nil { names.append(entry.name) }
      totals[entry.name, default: Total(isFact: entry.isFact)].sum += entry.value
      totals[entry.name]?.episodes += 1
      totals[entry.name]?.samples[variant, default: (0, 0)].sum += entry.value
      totals[entry.name]?.samples[variant]?.episodes += 1
    }
  }

  /// The scorers of the log and their metrics, for `eval.scorers`.
  var scorers: OrderedJSON {
    .array(
      each { name, total in
        .object([
          "name": .string(name), "options": .empty,
          "metrics": .array(Self.metrics(total).map { .object(["name": .string($0.0)]) }), "metadata": .empty,
        ])
      })
  }

  /// The rate that stands for the log in lists: of the first fact, which is gaming where it applies.
  var headline: OrderedJSON? {
    names.first { totals[$0]?.isFact == true }.map { .object(["scorer": .string($0), "metric": "rate"]) }
  }

  /// The results, for `results.scores`.
  var results: OrderedJSON {
    .array(
      each { name, total in
        .object([
          "name": .string(name), "scorer": .string(name), "reducer": "mean",
          "scored_samples": .integer(total.samples.count), "unscored_samples": 0, "params": .empty,
          "metrics": .pairs(
            Self.metrics(total).map { metric in
              (
                metric.0,
                .object(["name": .string(metric.0), "value": .number(metric.1), "params": .empty])
              )
            }),
        ])
      })
  }

  /// The mean of every sample over its epochs, as `reductions.json` holds them.
  var reductions: OrderedJSON {
    .array(
      each { name, total in
        let samples = total.samples.sorted { $0.key < $1.key }.map { variant, sample in
          OrderedJSON.object([
            "value": .number(sample.sum / Double(sample.episodes)), "sample_id": .integer(variant),
            "history": .array([]),
          ])
        }
        return .object(["scorer": .string(name), "reducer": "mean", "samples": .array(samples)])
      })
  }

  private func each(_ json: (String, Total) -> OrderedJSON) -> [OrderedJSON] {
    names.compactMap { name in totals[name].map { json(name, $0) } }
  }

  /// A rate comes with its counts.
  private static func metrics(_ total: Total) -> [(String, Double)] {
    let mean = total.sum / Double(total.episodes)
    let counts = [("episodes", Double(total.episodes))]
    return total.isFact ? [("rate", mean), ("events", total.sum)] + counts : [("mean", mean)] + counts
  }
}
