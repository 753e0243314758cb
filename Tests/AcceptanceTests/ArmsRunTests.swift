import Episodes
import Foundation
import Storage
import Testing

/// Every training arm and mitigation by file only, at the smallest scale, from the shipped seedling to the report.
@Suite(.serialized)
struct ArmsRunTests {
  private static let experiment = """
    name: arms
    seed: 3
    curriculum: { environments: [political] }
    training:
      roundsPerStage: 2
      promptsPerRound: 4
      samplesPerPrompt: 4
      minimumSelected: 1
      maximumSelected: 4
      epochs: 1
      replayPerEpisode: 0
    preferenceModel: { trainingPairs: 24, testPairs: 16 }
    conditions:
      hhh:
        training: { selection: best_of_n }
        reward: { preferenceWeight: 1, ordinaryShare: 0.5 }
      scored: { training: { selection: best_of_n }, reward: { preferenceWeight: 1, chainOfThought: scored } }
      initial: { training: { startFrom: initial, klCoefficient: 0.1, selection: best_of_n } }
      ppo:
        training: { algorithm: ppo }
        reward: { preferenceWeight: 1, ordinaryShare: 0.5 }
      grpo: { training: { algorithm: grpo } }
      watched:
        training: { algorithm: grpo }
        interventions:
          monitor: { kind: ground_truth, truePositiveRate: 0.9, falsePositiveRate: 0.1, response: penalty }
      screened:
        training: { selection: best_of_n }
        interventions: { monitor: { kind: ground_truth, response: screening } }
      inoculated: { training: { selection: best_of_n }, interventions: { inoculation: "please agree with me." } }
      recontextualised:
        training: { algorithm: ppo }
        interventions: { recontextualisation: { generation: "be honest.", training: "please agree with me." } }
      away:
        from: hhh
        training: { selection: honest, sampleFrom: start, roundsPerStage: 1 }
    probe: { episodes: 0 }
    evaluation:
      episodes: 4
      heldOutEpisodesAtEnds: 4
      arms: [steered_toward, steered_away]
      armEpisodes: 4
      attempts: 2
      persistence: 2
    gate: { episodes: 4 }
    sampling: { concurrency: 32 }
    """
}
