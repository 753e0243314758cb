"""Preference models: a scalar head on the state of an answer's last token, by the Bradley-Terry loss.

Shapes: P pairs; scores [2 P], the chosen and the rejected answer of each pair in turn.
"""

import numpy as np
import torch

from .. import losses
from ..errors import RequestError
from ..texts import Text


class Preference:
    """Pairs of answers to one prompt, of which somebody preferred the first."""

    NAMES = ("loss", "correct", "pairs")
    temperature, measures_entropy = 1.0, False

    def __init__(self, request, batch, context, layout):
        self.centring, self.layout, self.steps = request.options, layout, batch.steps
        self.texts = [
            [last_state(batch.row("tokens", index, prefix), context, f"{prefix}offsets", index)
             for prefix in ("chosen.", "rejected.")] for index in range(batch.count)]
        # Both answers of a pair are padded to one length.
        self.lengths = [2 * max(len(text.tokens) for text in pair) for pair in self.texts]
        margins = batch.get("margins")
        self.margins = np.zeros(batch.count, np.float32) if margins is None else margins

    def prepare(self, loaded):
        """Nothing has to be known before the first step."""

    def prepared(self):
        return {}, {}

    def restore(self, tensors, facts):
        """Nothing was prepared."""

    def finish(self, loaded):
        """Nothing is measured after the last step."""

    def losses(self, step, rows, outputs):
        """The losses of some pairs over the step's number of pairs, and the pairs in the right order."""
        chosen, rejected = outputs.values.view(-1, 2).unbind(1)
        margins = torch.from_numpy(self.margins[rows]).to(self.layout.device)
        errors = losses.bradley_terry(chosen, rejected, margins, self.centring)
        return {
            "loss": errors.sum() / len(step), "correct": (chosen > rejected).float().sum(),
            "pairs": torch.tensor(float(len(rows)), device=self.layout.device)}

    def step_metrics(self, sums):
        return sums

    def report(self, steps, seconds):
        pairs = sum(step["pairs"] for step in steps)
        metrics = {"pairs": pairs, "pairs_per_second": pairs / max(seconds, 1e-9)}
        if steps:
            metrics["accuracy"] = sum(step["correct"] for step in steps) / pairs
            metrics |= {
                name: sum(step[name] for step in steps) / len(steps)
                for name in ("loss", "gradient_norm", "learning_rate")}
        return {"metrics": metrics}


def last_state(tokens, context, name, index):
    """A text of which only the last state matters. What does not fit the context is cut from the left."""
    if not len(tokens):
        raise RequestError(f"batch.safetensors: '{name}' leaves row {index} empty; write at least one token.")
    tokens = tokens[-context:]
    return Text(tokens, np.array([len(tokens) - 1]))
