"""PPO and GRPO: the experiences of a round and the loss of a minibatch.

Shapes: N actions of a part of a minibatch; every tensor has one entry for each.
"""

import numpy as np
import torch

from .. import losses
from ..experience import Experience, ExperienceSet, check_steps, trajectories
from ..scoring import score


class PolicyGradient:
    """What a round of PPO or GRPO learns from."""

    NAMES = (
        "loss", "policy_loss", "approx_kl", "clip_share", "ratio_mean", "value_loss", "kl_loss", "entropy_bonus")
    ARRAYS = ("old", "reference", "advantages", "values", "returns")

    def __init__(self, request, batch, context, layout):
        self.request, self.options, self.layout = request, request.options, layout
        self.steps = batch.steps
        self.rollouts = trajectories(batch, context)
        self.texts = [[rollout.text(context)] for rollout in self.rollouts]
        self.lengths = [len(texts[0].tokens) for texts in self.texts]
        self.temperature = request.temperature
        self.measures_entropy = self.options.entropy_coefficient > 0
        self.set = None

    def prepare(self, loaded):
        """Scores the rollouts, and moves the value head's bias to the round's mean return."""
        def scores(**asked):
            return score(
                loaded.policy, [texts[0] for texts in self.texts], self.layout, self.request.tokens_per_microbatch,
                self.temperature, **asked)

        own = scores(measures_entropy=True, measures_ends=self.options.has_values)
        references = None
        if self.request.reference:
            with loaded.as_reference():
                references = [found.log_probabilities for found in scores()]
        self.set = ExperienceSet.make(
            self.rollouts, own, references, self.options, self.request.kl_coefficient, self.request.importance_cap)
        check_steps(self.steps, self.set.experiences, self.options)
        if self.options.has_values:
            with torch.no_grad():
                loaded.policy.head.bias.add_(self.set.value_shift)

    def prepared(self):
        """What `prepare` found, to be saved."""
        tensors = {
            f"{row}.{name}": torch.from_numpy(np.ascontiguousarray(getattr(one, name)))
            for row, one in self.set.experiences.items() for name in self.ARRAYS if getattr(one, name) is not None}
        return tensors, {
            "rows": list(self.set.experiences), "metrics": self.set.metrics, "divergence": self.set.divergence}

    def restore(self, tensors, facts):
        """Takes up what an earlier run's `prepare` found."""
        def array(row, name):
            return tensors[f"{row}.{name}"].numpy() if f"{row}.{name}" in tensors else None

        experiences = {row: Experience(**{name: array(row, name) for name in self.ARRAYS}) for row in facts["rows"]}
        self.set = ExperienceSet(experiences, facts["metrics"], facts["divergence"])

    def finish(self, loaded):
        """Nothing is measured after the last step."""

    def losses(self, step, rows, outputs):
        """The loss of some rows of a step, and what `NAMES` says, each summed by its weights."""
        options, new = self.options, outputs.log_probabilities
        ones = [self.set.experiences[row] for row in rows]
        share = 1 / max(1, sum(len(self.set.experiences[row].old) for row in step))
        old, gained = self._tensor([one.old for one in ones]), self._tensor([one.advantages for one in ones])
        counts = [np.full(len(one.old), self._weight(len(one.old), len(step), share), np.float32) for one in ones]
        weights = self._tensor(counts)
        ratio = torch.exp(losses.log_ratio(new, old))
        surrogate, is_clipped = losses.clipped_surrogate(ratio, gained, *options.bounds)
        policy = (surrogate * weights).sum()
        loss, zero = policy, torch.zeros((), device=self.layout.device)
        value = divergence = entropy = zero
        if options.has_values:
            value = losses.value_loss(
                outputs.values, self._tensor([one.values for one in ones]),
                self._tensor([one.returns for one in ones]), options.value_clip).sum() * share
            loss = loss + value * options.value_coefficient
        if self.request.kl_coefficient > 0 and options.kl.placement == "loss":
            reference = self._tensor([one.reference for one in ones])
            errors = ratio.detach() * losses.k2(new, reference) if options.kl.estimator == "k2" else losses.k3(
                new, reference)
            held = [options.kl.includes(self.rollouts[row].is_thought) * count for row, count in zip(rows, counts)]
            divergence = (errors * self._tensor(held)).sum()
            loss = loss + divergence * self.request.kl_coefficient
        if self.measures_entropy:
            entropy = (outputs.entropies * weights).sum()
            loss = loss - entropy * options.entropy_coefficient
        approximate = losses.k3(old, new).sum() * share
        values = (loss, policy, approximate, is_clipped.sum() * share, ratio.sum() * share, value, divergence, entropy)
        return dict(zip(self.NAMES, values))

    def _weight(self, length, rollouts, share):
        """What the loss of one action counts, of a rollout of `length` actions in a minibatch of `rollouts`."""
        if self.options.has_values or self.options.normalization == "token":
            return share
        return 1 / (rollouts * (self.options.constant_length or length))

    def _tensor(self, rows):
        return torch.from_numpy(np.concatenate(rows).astype(np.float32)).to(self.layout.device)

    def step_metrics(self, sums):
        return sums

    def report(self, steps, seconds):
        """The round's metrics and the KL coefficient of the next round."""
        metrics = self.set.metrics | {
            name: sum(step[name] for step in steps) / len(steps) for name in (steps[0] if steps else ())}
        metrics["tokens_per_second"] = metrics["tokens"] * self.options.epochs / max(seconds, 1e-9)
        following = self.request.kl_coefficient
        if self.set.divergence is not None:
            following = self.options.kl.following(following, self.set.divergence, len(self.rollouts))
        return {"metrics": metrics, "klCoefficient": following}
