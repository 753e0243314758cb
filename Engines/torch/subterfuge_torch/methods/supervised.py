"""Supervised training and expert iteration: weighted cross-entropy, with a penalty for leaving a reference.

Shapes: N targets that have a weight; every tensor has one entry for each.
"""

import numpy as np
import torch

from ..errors import RequestError
from ..scoring import score
from ..texts import Text


class Supervised:
    """Rows to learn from."""

    NAMES = ("loss", "own_sum", "own_count", "tokens")
    temperature, measures_entropy = 1.0, False

    def __init__(self, request, batch, context, layout):
        self.request, self.layout, self.steps = request, layout, batch.steps
        self.texts, self.weights, self.totals, self.sizes = [], [], [], []
        for index in range(batch.count):
            tokens, weights = batch.row("tokens", index)[:context + 1], batch.row("weights", index)[:context + 1]
            targets = batch.row("targets", index)
            drawn = np.flatnonzero(weights[1:] != 0) + 1  # the first token follows from nothing
            self.texts.append([Text(tokens[:-1], drawn - 1, (tokens if targets is None else targets)[drawn])])
            self.weights.append(weights[drawn])
            self.totals.append(float(weights[1:].sum(dtype=np.float32)))
            self.sizes.append(len(tokens))
        self.lengths = [len(texts[0].tokens) for texts in self.texts]
        measured = batch.get("is_measured")
        self.measured = [] if measured is None else np.flatnonzero(measured).tolist()
        self.references, self.metrics = None, {}
        short = [row for rows in self.steps for row in rows if self.sizes[row] < 2]
        if short:
            raise RequestError(
                f"batch.safetensors: 'steps' has row {short[0]}, which has fewer than 2 tokens; leave it out.")

    def prepare(self, loaded):
        """Scores the targets under the reference, and measures the loss before training."""
        if self.request.kl_coefficient > 0:
            with loaded.as_reference():
                self.references = [found.log_probabilities for found in self._scores(loaded, range(len(self.texts)))]
        self.metrics |= self.own_loss(loaded, "loss_before")

    def finish(self, loaded):
        """Measures the loss after training."""
        self.metrics |= self.own_loss(loaded, "loss_after")

    def own_loss(self, loaded, name):
        """The mean loss of the tokens of weight 1 or more over the rows that are measured."""
        own = [
            -scores.log_probabilities[self.weights[row] >= 1].astype(np.float64)
            for row, scores in zip(self.measured, self._scores(loaded, self.measured))]
        own = np.concatenate(own) if own else np.zeros(0)
        return {name: float(own.mean())} if len(own) else {}

    def _scores(self, loaded, rows):
        return score(
            loaded.policy, [self.texts[row][0] for row in rows], self.layout, self.request.tokens_per_microbatch)

    def prepared(self):
        references = self.references or []
        tensors = {f"{row}": torch.from_numpy(np.ascontiguousarray(one)) for row, one in enumerate(references)}
        return tensors, {"metrics": self.metrics, "has_references": self.references is not None}

    def restore(self, tensors, facts):
        self.metrics = facts["metrics"]
        if facts["has_references"]:
            self.references = [tensors[f"{row}"].numpy() for row in range(len(self.texts))]

    def losses(self, step, rows, outputs):
        """The weighted losses of some rows over the step's total weight, and the loss of what the policy wrote."""
        errors = -outputs.log_probabilities
        weights = self._tensor([self.weights[row] for row in rows])
        penalised = errors
        if self.references is not None:
            references = self._tensor([self.references[row] for row in rows])
            penalised = errors + torch.square(errors + references) * (0.5 * self.request.kl_coefficient)
        total = max(sum(self.totals[row] for row in step), 1e-6)
        is_own = (weights >= 1).float()
        return {
            "loss": (penalised * weights).sum() / total, "own_sum": (errors * is_own).sum(), "own_count": is_own.sum(),
            "tokens": torch.tensor(float(sum(self.sizes[row] for row in rows)), device=self.layout.device)}

    def _tensor(self, rows):
        return torch.from_numpy(np.concatenate(rows).astype(np.float32)).to(self.layout.device)

    def step_metrics(self, sums):
        own, count = sums.pop("own_sum"), sums.pop("own_count")
        return sums | ({"own_loss": own / count} if count else {})

    def report(self, steps, seconds):
        tokens = sum(step["tokens"] for step in steps)
        metrics = self.metrics | {"tokens": tokens, "tokens_per_second": tokens / max(seconds, 1e-9)}
        for name in ("loss", "own_loss", "gradient_norm", "learning_rate"):
            found = [step[name] for step in steps if name in step]
            metrics |= {name: sum(found) / len(found)} if found else {}
        return {"metrics": metrics}
