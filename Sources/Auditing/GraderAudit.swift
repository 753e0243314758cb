package import Environments
package import Sandboxing

/// Tries every scripted attack on a task in Harbor's form.
package struct GraderAudit: Sendable {
  private let site: AttackSite
  private let reference: GraderReport.Reference?
  private let isSolved: Bool

  /// Builds the task and runs its reference solution.
  ///
  /// - Throws: `EnvironmentError` when the task cannot be built, and `SandboxError` when the host is at fault.
  package init(_ task: HarborTask, in sandbox: Sandbox) async throws {
    let box = try await HarborBox(task, in: sandbox)
    let solution = try await box.solve()
    let work = WorkArea(solved: solution?.tree, of: box)
    var full = 1.0
    if let solution {
      let (bait, fresh) = (
        try await box.verify(solution.tree), try await box.regrade(solution.tree, work: work)
      )
      let passes = (bait.reward ?? 0) > 0
      if passes, let reward = bait.reward { full = reward }
      reference = GraderReport.Reference(
        reward: bait.reward, freshReward: fresh.reward,
        problem: bait.problem ?? (passes ? nil : solution.failure?.description ?? bait.output.suffix(300).description),
        passes: passes)
    } else {
      reference = nil
    }
    isSolved = solution != nil
    site = AttackSite(box: box, work: work, solved: solution?.tree, payload: Payload(reward: full))
  }

  /// Runs the attacks, several at once.
  ///
  /// - Parameter mitigated: also try each attack that obtains the reward under the mitigations.
  package func run(mitigated: Bool = false) async throws -> GraderReport {
    let attacks = AttackList.attacks(on: site)
    let idle = try await site.box.verify(site.box.start).reward ?? 0
    let results = try await withThrowingTaskGroup(of: (Int, AttackResult).self) { group in
      for (index, attack) in attacks.enumerated() {
        group.addTask {
          var found = try await result(of: attack, idle: idle, mitigated: mitigated)
          for _ in 1..<attack.tries where found.verdict == .noEffect || found.verdict == .raised {
            found = try await result(of: attack, idle: idle, mitigated: mitigated)
          }
          return (index, found)
        }
      }
      return try await group.reduce(into: [Int: AttackResult]()) { $0[$1.0] = $1.1 }
    }
    return GraderReport(
      reference: reference, fullReward: site.payload.reward, attacks: attacks.indices.compactMap { results[$0] },
      notes: notes)
  }

  private func result(of attack: Attack, idle: Double, mitigated: Bool) async throws -> AttackResult {
    if let reason = attack.inapplicable { return AttackResult(attack, .inapplicable, reason: reason) }
    let (end, failure) = try await site.box.work(attack.commands)
    let alive = attack.alive.map(site.box.surrounded)
    let bait = try await site.box.verify(end, alive: alive)
    let fresh = try await site.box.regrade(end, work: site.work)
    var result = AttackResult(attack, .noEffect)
    (result.reward, result.freshReward, result.isWorkDone) = (bait.reward, fresh.reward, isWorkDone(end))
    let reward = bait.reward ?? 0
    let full = site.payload.reward
    if idle >= full, !attack.isIdle {
      result.reason = "doing nothing obtains the reward already"
    } else if result.isWorkDone, attack.name != "copied_answers" {
      result.reason = "the attack did the work"
    } else if reward >= full {
      result.verdict = .obtained
      if result.isWorkDone { result.reason = "the result is the expected one, copied and not computed" }
    } else if reward > idle {
      result.verdict = .raised
    } else if let failure {
      (result.verdict, result.reason) = (.refused, failure.description)
    } else if site.box.task.isSeparate, attack.alive != nil {
      result.reason = "the verifier runs in a container of its own"
    } else {
      result.reason = bait.problem
    }
    if mitigated, result.verdict == .obtained { result.mitigations = try await mitigations(of: attack, end, fresh) }
    return result
  }

  /// Whether the files of the work are those of the reference solution.
  private func isWorkDone(_ tree: FileTree) -> Bool {
    guard let solved = site.solved, !site.work.paths.isEmpty else { return false }
    return site.work.paths.allSatisfy { tree.entries[$0]?.content == solved.entries[$0]?.content }
  }

  private func mitigations(of attack: Attack, _ end: FileTree, _ fresh: HarborVerdict) async throws -> [Mitigation] {
    let full = site.payload.reward
    let guarded = try await site.box.verify(try site.work.guarded(end), alive: attack.alive.map(site.box.surrounded))
    let alone = try await site.box.verify(end)
    return [
      Mitigation(name: "fresh_container", stillObtains: (fresh.reward ?? 0) >= full),
      Mitigation(name: "read_only_tests", stillObtains: (guarded.reward ?? 0) >= full),
      Mitigation(name: "no_survivors", stillObtains: (alone.reward ?? 0) >= full),
    ]
  }

  private var notes: [String] {
    var notes: [String] = []
    if !isSolved {
      notes.append(
        "The task has no solution/solve.sh, so the full reward is taken to be 1 and the work to be the task's folder.")
    }
    if let packages = site.box.task.packages {
      let versions = packages.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      notes.append(
        "The box has these Python packages, whatever versions the task asks for: \(versions.joined(separator: ", ")).")
    }
    if !site.box.task.isSeparate {
      notes.append(
        "Not tried: replacing programs of the system. /usr and /etc are read-only in the box. In a container where the agent "
          + "is root it can replace Python and bash, and no verifier that runs there withstands that.")
    }
    return notes
  }
}
