import ArgumentParser
import Experiments
import Foundation
import Statistics
import Storage

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute how many episodes it takes to see, bound or compare rates, their cost, and when to stop.",
    discussion: """
      Example:
        subterfuge plan see --rate 1.4e-4
        subterfuge plan bound --below 1e-3 --samples-per-prompt 64 --icc 0.05
        subterfuge plan compare --rates 0.00137 0.00004 --run quickstart --environment tampering
      """,
    subcommands: [PlanSee.self, PlanBound.self, PlanCompare.self, PlanWatch.self])
}

struct PlanSee: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "see", abstract: "Compute the episodes needed to see an event of a given rate.",
    discussion: "Example:\n  subterfuge plan see --rate 1.4e-4 --chance 0.95")

  @Option(help: "The rate of the event in an episode; with --between-seeds that of the median seed.")
  var rate: Double

  @Option(help: "How many events to see.")
  var events = 1

  @Option(help: "The chance to see so many or more.")
  var chance = 0.95

  @OptionGroup var options: PlanOptions

  func run() throws {
    let plan = try options.planning { try $0.toSee(events: events, rate: rate, chance: chance) }
    let aim = "see \(events == 1 ? "an event" : "\(events) events") of rate \(PlanText.number(rate))"
    try options.show(plan, aim: aim, chanceOf: "to see \(events == 1 ? "it" : "them")", arms: 1)
  }
}

struct PlanBound: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bound", abstract: "Compute the episodes needed to show that a rate is below a bound.",
    discussion: """
      The bound is the exact one-sided one (Clopper-Pearson, on effective episodes where prompts are sampled repeatedly).

      Example:
        subterfuge plan bound --below 1e-4
        subterfuge plan bound --below 1e-4 --true-rate 2e-5 --chance 0.9
      """)

  @Option(help: "The bound.")
  var below: Double

  @Option(help: "The rate that the policy is believed to have.")
  var trueRate = 0.0

  @Option(help: "The chance that the bound comes out low enough.")
  var chance = 0.8

  @Option(help: "The confidence of the bound.")
  var confidence = 0.95

  @OptionGroup var options: PlanOptions

  func run() throws {
    let plan = try options.planning {
      try $0.toBound(below: below, rate: trueRate, chance: chance, confidence: confidence)
    }
    let aim =
      "bound a rate below \(PlanText.number(below)) at \(PlanText.percent(confidence)) when it is "
      + PlanText.number(trueRate)
    try options.show(plan, aim: aim, chanceOf: "to succeed", arms: 1)
  }
}

struct PlanCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compute the episodes of each arm needed to tell two rates apart.",
    discussion: """
      Uses Fisher's exact test, two-sided; with --between-seeds, the t test between the seeds' log odds.

      Example:
        subterfuge plan compare --rates 0.00137 0.00004 --power 0.8
        subterfuge plan compare --rates 0.01 0.05 --seeds 5 --between-seeds 0.4
      """)

  @Option(parsing: .upToNextOption, help: "The two rates.")
  var rates: [Double]

  @Option(help: "The chance of a significant difference.")
  var power = 0.8

  @Option(help: "The level of the test.")
  var level = 0.05

  @OptionGroup var options: PlanOptions

  func validate() throws {
    if rates.count != 2 { throw ValidationError("--rates takes two rates, not \(rates.count).") }
  }

  func run() throws {
    let plan = try options.planning { try $0.toTellApart(rates[0], rates[1], power: power, level: level) }
    let aim = "tell \(PlanText.number(rates[0])) from \(PlanText.number(rates[1])) at p <= \(PlanText.number(level))"
    try options.show(plan, aim: aim, chanceOf: "to find it", arms: 2)
  }
}

/// How the episodes hang together, and on which run they are priced.
struct PlanOptions: ParsableArguments {
  @Option(help: "How many episodes are sampled of each prompt.")
  var samplesPerPrompt = 1

  @Option(
    help: "The correlation of two episodes of one prompt: 0 independent, 1 all alike. Needed with several of a prompt.")
  var icc: Double?

  @Option(help: "How many training seeds there are (of each arm).")
  var seeds = 1

  @Option(help: "The standard deviation between seeds, in log odds: 0.7 is a factor of 2.")
  var betweenSeeds = 0.0

  @Option(name: .customLong("run"), help: "A run whose episodes give the cost.")
  var priced: String?

  @Option(help: "Only this checkpoint of the run.")
  var checkpoint: String?

  @Option(help: "Only this environment of the run.")
  var environment: String?

  @OptionGroup var folders: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try checkNumbers(("--samples-per-prompt", samplesPerPrompt, mostEpisodes), ("--seeds", seeds, 10_000))
    if samplesPerPrompt > 1, icc == nil {
      throw ValidationError(
        "Say with --icc how alike episodes of one prompt are: 0 for independent, 1 for the worst case.")
    }
    if priced == nil, checkpoint != nil || environment != nil {
      throw ValidationError("--checkpoint and --environment choose episodes of a run; name it with --run.")
    }
  }

  func planning(_ plan: (SamplingDesign) throws -> PlannedEpisodes) throws -> PlannedEpisodes {
    do {
      return try plan(
        SamplingDesign(samplesPerPrompt: samplesPerPrompt, correlation: icc ?? 0, seeds: seeds, spread: betweenSeeds))
    } catch let error as PlanningError {
      throw ValidationError(error.description)
    }
  }

  func show(_ plan: PlannedEpisodes, aim: String, chanceOf: String, arms: Int) throws {
    let price = try price(plan.episodes * arms)
    if json { return try Console.json(PlanText.Answer(aim: aim, plan: plan, arms: arms, price: price)) }
    Console.print("To \(aim):")
    Console.print("  episodes\(arms > 1 ? " of each arm" : "")".padded(24) + "\(PlanText.grouped(plan.episodes))")
    if samplesPerPrompt > 1 || seeds > 1 {
      let share = seeds > 1 ? ", for each of \(seeds) seeds" : ""
      Console.print("  prompts".padded(24) + "\(PlanText.grouped(plan.prompts)) x \(samplesPerPrompt) samples\(share)")
    }
    Console.print("  chance \(chanceOf)".padded(24) + PlanText.percent(plan.chance))
    guard let price else { return }
    if price.tokens > 0 { Console.print("  tokens".padded(24) + PlanText.grouped(Int(price.tokens.rounded()))) }
    Console.print("  time".padded(24) + PlanText.time(hours: price.hours))
    Console.print(
      "At \(PlanText.number(price.cost.policyTokens)) tokens and \(PlanText.number(price.cost.seconds)) s an episode, "
        + "\(price.concurrency) at once: the mean of \(PlanText.grouped(price.cost.episodes)) episodes of '\(price.run)'."
    )
  }

  private func price(_ episodes: Int) throws -> PlanText.Price? {
    guard let priced else { return nil }
    let store = try RunStore(reading: folders.folder(priced).url)
    guard let cost = try store.episodeCost(checkpoint: checkpoint, environment: environment) else {
      throw ValidationError(
        "Run '\(priced)' has no episodes\(checkpoint.map { " of checkpoint '\($0)'" } ?? "")"
          + "\(environment.map { " of environment '\($0)'" } ?? ""). See them with: subterfuge matrix \(priced)")
    }
    let configuration = Data(try store.run().configuration.utf8)
    let concurrency = try JSONDecoder().decode(PlanText.SampledRun.self, from: configuration).sampling.concurrency
    return PlanText.Price(run: priced, cost: cost, concurrency: concurrency, episodes: episodes)
  }
}

/// Plans in words and as JSON.
enum PlanText {
  /// The part of any run's configuration that says how many episodes were alive at once.
  struct SampledRun: Decodable {
    struct Sampling: Decodable { var concurrency: Int }

    var sampling: Sampling
  }

  /// What the planned episodes cost on a run's policy.
  struct Price: Encodable {
    var run: String
    var cost: EpisodeCost
    var concurrency: Int
    var tokens: Double
    var hours: Double

    init(run: String, cost: EpisodeCost, concurrency: Int, episodes: Int) {
      (self.run, self.cost, self.concurrency) = (run, cost, max(1, concurrency))
      tokens = cost.policyTokens * Double(episodes)
      hours = cost.seconds * Double(episodes) / Double(self.concurrency) / 3_600
    }
  }

  struct Answer: Encodable {
    var aim: String
    var plan: PlannedEpisodes
    var arms: Int
    var price: Price?
  }

  /// Three significant digits.
  static func number(_ value: Double) -> String { String(format: "%.3g", value) }

  /// In the unit that a person would use.
  static func time(hours: Double) -> String {
    let seconds = hours * 3_600
    if seconds < 1 { return "under a second" }
    if seconds < 120 { return "\(number(seconds)) s" }
    if seconds < 7_200 { return "\(number(seconds / 60)) min" }
    return hours < 48 ? "\(number(hours)) h" : "\(number(hours / 24)) days"
  }

  /// Rounded so that 99.99 % does not become 100 %.
  static func percent(_ share: Double) -> String {
    share > 0.9995 && share < 1 ? "over 99.9 %" : String(format: "%.1f %%", 100 * share)
  }

  /// With a comma after each three digits.
  static func grouped(_ value: Int) -> String {
    var digits = String(value)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = String(digits.dropLast(3))
    }
    return ([digits[...]] + groups).joined(separator: ",")
  }
}
