"""What the rollouts of a round are worth before the first step, and the round's metrics."""

from dataclasses import dataclass, field

import numpy as np

from . import advantages
from .advantages import joined, mean, standard_deviation
from .errors import RequestError
from .texts import Text


# The smallest effective share of the sampled tokens from which anything can be learnt.
SMALLEST_EFFECTIVE_SHARE = 0.1


@dataclass(frozen=True)
class Trajectory:
    """A rollout that fits the model, with one entry for each action in every array."""

    tokens: np.ndarray
    actions: np.ndarray
    targets: np.ndarray
    recorded: np.ndarray | None
    is_thought: np.ndarray
    reward: np.float32
    group: int
    is_truncated: bool

    def text(self, context):
        """What the model reads. The last action needs no state of its own."""
        return Text(self.tokens[:context], self.actions - 1, self.targets)


def trajectories(batch, context):
    """The rollouts of a batch. One that loses actions to the context is truncated."""
    result = []
    for index in range(batch.count):
        tokens, is_action = batch.row("tokens", index), batch.row("is_action", index)
        kept = min(len(tokens), context + 1)
        everything = np.flatnonzero(is_action)
        everything = everything[everything > 0]  # the first token follows from nothing
        actions = everything[everything < kept]
        targets, thought = batch.row("targets", index), batch.row("is_thought", index)
        recorded, is_recorded = batch.row("log_probabilities", index), batch.get("is_recorded")
        has_record = recorded is not None and (is_recorded is None or is_recorded[index])
        result.append(Trajectory(
            tokens[:kept], actions, (tokens if targets is None else targets)[actions],
            recorded[actions] if has_record else None,
            np.zeros(len(actions), bool) if thought is None else thought[actions].astype(bool),
            batch.get("rewards")[index], int(batch.get("groups")[index]),
            bool(batch.get("is_truncated")[index]) or len(actions) < len(everything)))
    return result


@dataclass
class Experience:
    """What a step must know of a trajectory: one number for each action in every array."""

    old: np.ndarray
    reference: np.ndarray | None
    advantages: np.ndarray
    values: np.ndarray | None = None
    returns: np.ndarray | None = None


@dataclass
class ExperienceSet:
    """The experiences that are learnt from, by row, and facts of the round."""

    experiences: dict[int, Experience] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    divergence: float | None = None
    value_shift: float = 0.0

    @classmethod
    def make(cls, rollouts, scores, references, options, kl_coefficient, cap=None):
        """From the policy's scores before the round, and the reference's log-probabilities or `None`.

        With a `cap`, the old log-probabilities are the policy's own, and actions weigh by their ratio to the recorded ones.
        """
        result = cls()
        old = [
            s.log_probabilities if cap is not None or t.recorded is None else t.recorded
            for t, s in zip(rollouts, scores)]
        result._measure(rollouts, scores)
        result._measure_divergence(rollouts, old, references, options.kl, kl_coefficient)
        penalties = [
            _penalty(rollout, old[index], references and references[index], options.kl, kl_coefficient)
            for index, rollout in enumerate(rollouts)]
        add = result._add_ppo if options.has_values else result._add_grpo
        add(options, rollouts, scores, old, references, penalties)
        if cap is not None:
            result._weigh(rollouts, cap)
        result._measure_advantages(rollouts)
        return result

    def _add_ppo(self, options, rollouts, scores, old, references, penalties):
        learnt = [
            index for index, rollout in enumerate(rollouts)
            if len(rollout.actions) and not (rollout.is_truncated and options.truncation == "exclude")]
        is_cut = {index: rollouts[index].is_truncated and options.truncation == "bootstrap" for index in learnt}
        rewards = {index: penalties[index].copy() for index in learnt}
        for index in learnt:
            rewards[index][-1] += 0 if is_cut[index] else rollouts[index].reward
        ended = [index for index in learnt if not is_cut[index]]
        shift = advantages.value_shift(
            [rewards[index] for index in ended], [scores[index].values for index in ended], options.gamma)
        self.value_shift = float(shift)
        for index in learnt:
            values = scores[index].values + shift
            after = np.float32(scores[index].end) + shift if is_cut[index] else np.float32(0)
            gained = advantages.generalized(rewards[index], values, after, options.gamma, options.discount)
            self.experiences[index] = Experience(
                old[index], references and references[index], gained, values, gained + values)
        values = joined([one.values for one in self.experiences.values()])
        returns = joined([one.returns for one in self.experiences.values()])
        self.metrics |= {
            "explained_variance": advantages.explained_variance(values, returns), "value_mean": mean(values),
            "return_mean": mean(returns)}
        if options.whitens_advantages and self.experiences:
            white = advantages.whitened(joined([one.advantages for one in self.experiences.values()]))
            edges = np.cumsum([len(one.old) for one in self.experiences.values()])[:-1]
            for one, part in zip(self.experiences.values(), np.split(white, edges)):
                one.advantages = part

    def _add_grpo(self, options, rollouts, scores, old, references, penalties):
        groups = [rollout.group for rollout in rollouts]
        flat = advantages.flat_groups([rollout.reward for rollout in rollouts], groups)
        self.metrics["zero_variance_share"] = len(flat) / max(1, len(set(groups)))
        rewards = [rollout.reward + penalty.sum(dtype=np.float32) for rollout, penalty in zip(rollouts, penalties)]
        gained = advantages.relative(rewards, groups, options.baseline, options.scales_by_deviation)
        for index, rollout in enumerate(rollouts):
            is_left_out = rollout.is_truncated and options.truncation == "exclude"
            is_dropped = options.zero_variance == "drop" and rollout.group in flat
            if len(rollout.actions) and not is_left_out and not is_dropped:
                self.experiences[index] = Experience(
                    old[index], references and references[index], np.full(len(old[index]), gained[index]))

    def _weigh(self, rollouts, cap):
        """Truncated importance weights, token by token: the clipped surrogate is linear in the advantage.

        Raises: `RequestError` when they leave next to nothing to learn from.
        """
        found = []
        for index, one in self.experiences.items():
            if rollouts[index].recorded is not None:
                ratios = np.exp(np.clip(one.old - rollouts[index].recorded, -20, 20))
                weights = np.minimum(ratios, np.float32(cap)).astype(np.float32)
                one.advantages = one.advantages * weights
                found.append(weights)
        if not found:
            return
        weights = joined(found).astype(np.float64)
        share = weights.sum() ** 2 / (len(weights) * np.square(weights).sum())
        self.metrics |= {
            "importance_weight_mean": float(weights.mean()), "importance_effective_share": float(share),
            "importance_capped_share": float((weights >= np.float32(cap)).mean())}
        if share < SMALLEST_EFFECTIVE_SHARE:
            raise RequestError(
                f"The sampler's probabilities are too far from the trainer's: the importance weights leave {share:.0%} of "
                f"the {len(weights)} sampled tokens. Do both have the same weights and the same temperature?")

    def _measure(self, rollouts, scores):
        count = max(1, len(rollouts))
        rewards = [rollout.reward for rollout in rollouts]
        self.metrics |= {
            "reward_mean": mean(rewards), "reward_std": standard_deviation(rewards), "rollouts": float(len(rollouts)),
            "truncated_share": sum(rollout.is_truncated for rollout in rollouts) / count,
            "action_tokens_mean": sum(len(rollout.actions) for rollout in rollouts) / count,
            "length_mean": sum(len(rollout.tokens) for rollout in rollouts) / count,
            "entropy": mean(joined([score.entropies for score in scores]))}
        differences = joined([
            np.abs(rollout.recorded - score.log_probabilities)
            for rollout, score in zip(rollouts, scores) if rollout.recorded is not None])
        if len(differences):
            self.metrics["log_probability_difference"] = mean(differences)

    def _measure_divergence(self, rollouts, old, references, kl, kl_coefficient):
        self.metrics["kl_coefficient"] = kl_coefficient
        if references is None:
            return
        k1 = [ours - theirs for ours, theirs in zip(old, references)]
        thought = joined([rollout.is_thought for rollout in rollouts]).astype(bool)
        self.metrics |= {
            "kl": mean(joined(k1)), "kl_answer": mean(joined(k1)[~thought]), "kl_thought": mean(joined(k1)[thought]),
            "kl_rollout": mean([row.sum() for row in k1])}
        self.divergence = mean([
            row[kl.includes(rollout.is_thought)].sum() for row, rollout in zip(k1, rollouts)])

    def _measure_advantages(self, rollouts):
        gained = joined([one.advantages for one in self.experiences.values()])
        self.metrics |= {
            "advantage_mean": mean(gained), "advantage_std": standard_deviation(gained),
            "used_share": len(self.experiences) / max(1, len(rollouts)),
            "tokens": float(sum(len(rollouts[index].tokens) for index in self.experiences))}


def _penalty(rollout, old, reference, kl, coefficient):
    """The part of each action's reward that is the KL penalty, where it is paid in the reward."""
    if reference is None or kl.placement != "reward":
        return np.zeros(len(old), np.float32)
    return np.where(kl.includes(rollout.is_thought), -np.float32(coefficient) * (old - reference), np.float32(0))


def check_steps(steps, experiences, options):
    """Rejects steps that are not `epochs` passes over what is learnt from."""
    counts = {index: 0 for index in experiences}
    for number, rows in enumerate(steps):
        for row in rows:
            if row not in counts:
                raise RequestError(
                    f"batch.safetensors: 'steps' has row {row} in step {number}, from which nothing is learnt "
                    "(no actions, truncated or without variance); leave it out.")
            counts[row] += 1
    expected = options.epochs * min(options.minibatches, len(experiences))
    if len(steps) != expected:
        raise RequestError(
            f"batch.safetensors: 'steps' has {len(steps)} steps; {options.epochs} epochs of {options.minibatches} "
            f"minibatches over {len(experiences)} rows have {expected}. Write one minibatch for each.")
    for row, count in counts.items():
        if count != options.epochs:
            raise RequestError(
                f"batch.safetensors: 'steps' has row {row} {count} times; every row that is learnt from belongs there "
                f"once in each of {options.epochs} epochs.")
