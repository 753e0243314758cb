"""Takes steps: the gradient of a loss over all rows of a step, however they are cut into parts and processes."""

import hashlib
import json
import math

import torch

from .errors import RequestError
from .texts import Rows, plan


class Trainer:
    """A policy in training."""

    def __init__(self, loaded, method, optimizer, request, layout):
        self.loaded, self.method, self.optimizer = loaded, method, optimizer
        self.request, self.layout = request, layout

    def step(self, number, rows):
        """Takes the step of this number over some rows. Returns its metrics, measured before the step.

        Raises: `RequestError`, with weights as before, when the loss or the gradient is not finite.
        """
        sums = dict.fromkeys(self.method.NAMES, 0.0)
        parts = plan(rows, self.method.lengths, self.request.tokens_per_microbatch, self.layout)
        for index, part in enumerate(parts):
            values = self._part(number, index, rows, part)
            for name, value in values.items() if part.counts else ():
                sums[name] += value
        sums = self.layout.sum_numbers(sums)
        if not all(math.isfinite(value) for value in sums.values()):
            raise RequestError(
                f"The loss of {self.request.method} is not finite at step {number + 1}; lower the learning rate.")
        norm, rate = self.optimizer.update(self.loaded.parameters, self._gradients())
        return self.method.step_metrics(sums) | {"gradient_norm": norm, "learning_rate": rate}

    def _part(self, number, index, rows, part):
        if self.request.dropout:
            torch.manual_seed(self._dropout_seed(number, index))
        batch = Rows.of([text for row in part.rows for text in self.method.texts[row]], self.layout.device)
        outputs = self.loaded.policy(batch, self.method.temperature, self.method.measures_entropy)
        values = self.method.losses(rows, part.rows, outputs)
        (values["loss"] if part.counts else values["loss"] * 0).backward()
        return dict(zip(values, torch.stack([value.detach() for value in values.values()]).tolist()))

    def _gradients(self):
        """The gradients by name, added up over all processes in one array."""
        parameters = self.loaded.parameters
        flat = torch.cat([
            (torch.zeros_like(parameter) if parameter.grad is None else parameter.grad).reshape(-1)
            for parameter in parameters.values()])
        self.layout.sum(flat)
        for parameter in parameters.values():
            parameter.grad = None
        parts = flat.split([parameter.numel() for parameter in parameters.values()])
        return {name: part.view_as(parameters[name]) for name, part in zip(parameters, parts)}

    def _dropout_seed(self, number, index):
        text = f"{self.request.seed} dropout {number} {index} {self.layout.rank}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1

    def progress(self, step, steps, metrics):
        """Prints one line of JSON on standard output."""
        if self.layout.is_first:
            print(json.dumps({"step": step, "steps": steps, "metrics": metrics}, sort_keys=True), flush=True)
