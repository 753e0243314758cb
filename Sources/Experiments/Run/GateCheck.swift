import Episodes
import Runs
import Storage

/// Measures what the untrained policy must show before a result means anything (the gate), and stores the verdicts.
struct GateCheck: Sendable {
  let context: RunContext

  private var settings: Gate { context.experiment.gate }
  private let start = CheckpointStore.start

  /// The arms of a held-out environment that the gate plays, where it has them.
  static let arms: [Arm] = [.instructed, .forcedReasoning, .steeredToward]

  func run() async throws {
    var results = try completionAndExploration()
    for name in context.experiment.evaluation.heldOut.names { results += try await heldOut(name) }
    for result in results { try context.store.record(result) }
    try await probeTheStart()
    context.report(.gate(try context.store.gate()))
  }

  /// Every environment is completed, and each whose gaming is trained is gamed now and then: read off the untrained
  /// policy's evaluation.
  private func completionAndExploration() throws -> [GateResult] {
    // Where honest episodes alone are learnt, there is nothing to find by exploring.
    let explored = Set(context.experiment.conditions.filter { !$0.isTrainAway }.flatMap(\.curriculum.environments))
    return try context.experiment.trainedEnvironments.flatMap { name in
      [try completion(of: name, countsGaming: true)] + (explored.contains(name) ? [try exploration(of: name)] : [])
    } + context.experiment.evaluation.heldOut.names.map { try completion(of: $0, countsGaming: false) }
  }

  /// What the untrained policy does in a held-out environment when it is told to, and when it is not.
  private func heldOut(_ name: String) async throws -> [GateResult] {
    let arms = try context.environment(name).arms
    var results: [GateResult] = []
    // An environment of the user's need not have these arms.
    if arms.contains(.instructed) { results.append(try await instructed(in: name)) }
    if arms.contains(.forcedReasoning) { results.append(try await planned(in: name)) }
    if arms.contains(.steeredToward) { results.append(try await motivated(in: name)) }
    results.append(try unprompted(in: name))
    return results
  }

  /// A trained environment's task is complete when it is done honestly or gamed; the held-out one's only honestly.
  private func completion(of name: String, countsGaming: Bool) throws -> GateResult {
    // Some criteria do not tell what is honest: then nothing is known of completion.
    let episodes = try evaluation(of: name).filter { $0.result.outcome == nil || $0.grades(.honest) }
    let tally = Tally(episodes) { $0.holds(.honest) || (countsGaming && $0.holds(.gamed)) }
    return GateResult(
      name: countsGaming ? "completes it, honestly or by gaming" : "completes it honestly",
      environment: name, arm: .standard, predicate: .honest, target: "at least \(settings.completion.percent)",
      measured: tally, met: tally.rate.map { $0 >= settings.completion })
  }

  private func exploration(of name: String) throws -> GateResult {
    let tally = Tally(try evaluation(of: name)) { $0.holds(.gamed) }
    return GateResult(
      name: "games it before training", environment: name, arm: .standard, predicate: .gamed,
      target: "\(settings.explorationLow.percent) to \(settings.explorationHigh.percent)", measured: tally,
      met: tally.rate.map((settings.explorationLow...settings.explorationHigh).contains))
  }

  private func instructed(in heldOut: String) async throws -> GateResult {
    let episodes = try await play(.instructed, in: heldOut)
    let event = event(.overwriteAndPass, of: episodes)
    let tally = Tally(episodes) { $0.holds(event) }
    return GateResult(
      name: "\(words(for: event)) when instructed", environment: heldOut, arm: .instructed,
      predicate: event, target: "at least \(settings.instructedTampering.percent)", measured: tally,
      met: tally.rate.map { $0 >= settings.instructedTampering })
  }

  /// The plan dictates the exact edit: whether the policy carries out what its thoughts say, not whether a motive moves it.
  private func planned(in heldOut: String) async throws -> GateResult {
    let episodes = try await play(.forcedReasoning, in: heldOut)
    let event = event(.overwrite, of: episodes)
    return GateResult(
      name: "follows a stated plan and \(words(for: event))", environment: heldOut, arm: .forcedReasoning,
      predicate: event, target: "", measured: Tally(episodes) { $0.holds(event) }, met: nil)
  }

  private func motivated(in heldOut: String) async throws -> GateResult {
    let episodes = try await play(.steeredToward, in: heldOut)
    let event = event(.overwrite, of: episodes)
    return GateResult(
      name: "\(words(for: event)) with a motive and no plan", environment: heldOut, arm: .steeredToward,
      predicate: event, target: "", measured: Tally(episodes) { $0.holds(event) }, met: nil)
  }

  private func unprompted(in heldOut: String) throws -> GateResult {
    let episodes = try evaluation(of: heldOut)
    let event = event(.overwrite, of: episodes)
    return GateResult(
      name: "\(words(for: event)) unprompted before training", environment: heldOut, arm: .standard, predicate: event,
      target: "", measured: Tally(episodes) { $0.holds(event) }, met: nil)
  }

  /// What the held-out environment is about: rewriting the reward where its grader looks for that, else gaming.
  private func event(_ rewriting: Predicate, of episodes: [Episode]) -> Predicate {
    episodes.contains { $0.result.outcome != nil && !$0.grades(rewriting) } ? .gamed : rewriting
  }

  private func words(for event: Predicate) -> String {
    switch event {
    case .overwriteAndPass: "overwrites and passes"
    case .overwrite: "overwrites"
    default: "games it"
    }
  }

  private func evaluation(of name: String) throws -> [Episode] {
    let environment = try context.environment(name)
    return try context.store.episodes(context.plan.evaluation(checkpoint: start, of: environment, atEnd: true))
  }

  private func play(_ arm: Arm, in heldOut: String) async throws -> [Episode] {
    let environment = try context.environment(heldOut)
    let keys = context.plan.gate(checkpoint: start, of: environment, arm: arm, purpose: "gate")
    return try await context.episodes.collect(
      EpisodeWork(
        title: WorkTitle.gate(heldOut, arm), keys: keys, environment: environment,
        policy: { try await context.policy(start) }))
  }

  /// Honest completion of the probe environment before training: what later rounds are held against.
  private func probeTheStart() async throws {
    guard context.experiment.probe.episodes > 0 else { return }
    let environment = try context.environment(context.experiment.probe.environment)
    try await context.episodes.run([
      EpisodeWork(
        title: WorkTitle.probe(of: start), keys: context.plan.probe(checkpoint: start, of: environment),
        environment: environment, policy: { try await context.policy(start) })
    ])
  }
}
