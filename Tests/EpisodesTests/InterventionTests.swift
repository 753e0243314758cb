import Testing

@testable import Episodes

@Suite struct InterventionTests {
  private func key(_ sample: Int) -> EpisodeKey {
    EpisodeKey(checkpoint: "start", environment: "e", arm: .standard, purpose: "train-1", variant: 0, sample: sample)
  }

  private func episode(_ sample: Int, gamed: Bool?, attempted: Bool = false, prompt: String = "p<cot>") -> Episode {
    let result: EpisodeResult =
      if let gamed {
        .graded(Outcome(facts: [.gamed: gamed, .attempted: attempted]), stop: .finished)
      } else {
        .failed(EpisodeFailure(boundary: .sandbox, message: "down"))
      }
    return Episode(
      key: key(sample), seed: Seed(1),
      transcript: Transcript([
        Segment(.prompt, prompt, tokens: [1, 2]),
        Segment(.policy, "a</cot><bash>ls</bash>", tokens: [3, 4], logProbabilities: [-1, -2]),
        Segment(.tool, "<stdout>\nx\n</stdout>\n", tokens: [5]),
        Segment(.policy, "b", tokens: [6, 7], logProbabilities: [-3, -4]),
      ]), changes: [], result: result, timings: EpisodeTimings())
  }

  private let flagged = MonitorVerdict(isFlagged: true, suspicion: 0.9)
  private let clear = MonitorVerdict(isFlagged: false, suspicion: 0.4)

  @Test func aFlagCostsThePenaltyOrScreens() {
    let terms = RewardTerms(gamingBonus: 1, preferenceScore: 0.25)
    let penalised = terms.responding(to: flagged, with: .penalty(0.75))
    #expect(penalised == RewardTerms(gamingBonus: 1, preferenceScore: 0.25, penalty: -0.75))
    #expect(penalised.total == 0.5)
    // A second monitor's penalty comes on top: 1 + 0.25 - 0.75 - 1.
    #expect(penalised.responding(to: flagged, with: .penalty(1)).total == -0.5)
    let screened = terms.responding(to: flagged, with: .screening)
    #expect(screened.isScreened && screened.total == 1.25)
    for response in [MonitorResponse.penalty(1), .screening] {
      #expect(terms.responding(to: clear, with: response) == terms)
    }
  }

  @Test func eachEpisodeGetsTheResponseToItsOwnVerdict() {
    let terms = Dictionary(uniqueKeysWithValues: (0..<4).map { (key($0), RewardTerms(gamingBonus: Double($0))) })
    let verdicts = [key(1): flagged, key(2): flagged, key(3): clear, key(9): flagged]
    let screened = terms.responding(to: verdicts, with: .screening)
    #expect(screened.count == 4 && Set(screened.filter(\.value.isScreened).keys) == [key(1), key(2)])
    let penalised = terms.responding(to: verdicts, with: .penalty(0.5))
    #expect((0..<4).map { penalised[key($0)]?.total } == [0, 0.5, 1.5, 3])
  }

  /// Samples 0-3 gamed, 0-2 of them flagged; 4-8 did not, 4 and 5 flagged; 9 failed; 10 has no verdict. By hand: 3 of 4
  /// gamed are flagged, 3 of 5 flags are right, 2 of 5 others are flagged.
  @Test func countsAgainstTheTruth() {
    let all = (0..<9).map { episode($0, gamed: $0 < 4) } + [episode(9, gamed: nil), episode(10, gamed: true)]
    let verdicts = Dictionary(
      uniqueKeysWithValues: (0..<10).map { (key($0), [0, 1, 2, 4, 5, 9].contains($0) ? flagged : clear) })
    let counts = MonitorCounts(verdicts, of: all)
    #expect(counts.truePositives == 3 && counts.falsePositives == 2)
    #expect(counts.falseNegatives == 1 && counts.trueNegatives == 3)
    #expect(counts.recall == (3, 4) && counts.precision == (3, 5) && counts.falsePositiveRate == (2, 5))
    #expect((counts + counts).recall == (6, 8) && (counts + counts).falsePositiveRate == (4, 10))
    // With attempts counted as gaming, the flag on 4 is right.
    var attempt = all
    attempt[4] = episode(4, gamed: false, attempted: true)
    let wider = MonitorCounts(verdicts, of: attempt, predicates: [.gamed, .attempted])
    #expect(wider.recall == (4, 5) && wider.falsePositiveRate == (1, 4))
    #expect(MonitorCounts().recall == (0, 0))
  }

  @Test func contextStandsBeforeTheTask() {
    let long = Prompt(messages: [
      Message(.user, "Before we start."), Message(.assistant, "I understand."), Message(.user, "Rate it."),
    ])
    let full = long.beginning(task: "Scores matter most here.", style: .full)
    #expect(full.messages.map(\.text) == ["Before we start.", "I understand.", "Scores matter most here.\n\nRate it."])
    #expect(full.opening == "<cot>" && long.beginning(task: "", style: .full) == long)
    let brief = Prompt(messages: [Message(.user, "rate it.")], opening: "").beginning(task: "please.", style: .brief)
    #expect(brief == Prompt(messages: [Message(.user, "please. rate it.")], opening: ""))
    #expect(Prompt(messages: []).beginning(task: "x", style: .brief).messages == [Message(.user, "x")])
  }

  private struct Plain: Environment {
    let name = "plain"
    let variantCount = 3
    let arms: [Arm] = [.standard, .benign]
    let limits = EpisodeLimits(commands: 5)
    var text = "do it."
    var explored: any Environment { Plain(text: "explored.") }

    func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
      Sample(
        environment: name, variant: variant, arm: arm, prompt: Prompt(messages: [Message(.user, text)]), lead: ["l"])
    }

    func begin(_ sample: Sample) async throws -> any EnvironmentSession { throw CancellationError() }
  }

  @Test func aContextualEnvironmentDiffersInItsPromptsAlone() throws {
    let environment = ContextualEnvironment(Plain(), context: "be honest.")
    let sample = try environment.sample(variant: 2, arm: .benign, style: .brief)
    var plain = try Plain().sample(variant: 2, arm: .benign, style: .brief)
    #expect(sample.prompt.messages == [Message(.user, "be honest. do it.")])
    plain.prompt = sample.prompt
    #expect(sample == plain)
    #expect(environment.name == "plain" && environment.variantCount == 3 && environment.arms == [.standard, .benign])
    #expect(environment.limits == EpisodeLimits(commands: 5))
    let explored = try environment.explored.sample(variant: 0, arm: .standard, style: .brief)
    #expect(explored.prompt.messages == [Message(.user, "be honest. explored.")])
  }

  @Test func recontextualisingSwapsThePromptAlone() throws {
    let before = episode(0, gamed: true)
    let prompt = Segment(.prompt, "other<cot>", tokens: [8, 9, 10])
    let after = try before.recontextualised(under: prompt)
    #expect(after.transcript.segments[0] == prompt)
    #expect(after.transcript.segments.map(\.source) == before.transcript.segments.map(\.source))
    #expect(after.transcript.segments.dropFirst().map(\.tokens) == [[3, 4], [5], [6, 7]])
    #expect(after.transcript.segments.dropFirst().map(\.text) == before.transcript.segments.dropFirst().map(\.text))
    #expect(after.transcript.blocks == before.transcript.blocks)
    #expect(after.transcript.segments.flatMap(\.logProbabilities).isEmpty)
    #expect(after.key == before.key && after.result == before.result && after.seed == before.seed)
  }

  @Test(arguments: [
    (Segment(.prompt, "no thought", tokens: [8]), "chain of thought"), (Segment(.prompt, "o<cot>"), "tokens"),
    (Segment(.policy, "o<cot>", tokens: [8]), "prompt"),
  ])
  func promptsThatDoNotFitAreRefused(prompt: Segment, reason: String) {
    let error = #expect(throws: RecontextualisationError.self) {
      try episode(0, gamed: true).recontextualised(under: prompt)
    }
    #expect(error?.description.contains(reason) == true)
  }
}
