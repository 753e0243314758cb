"""AdamW with clipping and a schedule: the update of the Swift trainer, in float32."""

import math

import numpy as np
import torch

from .errors import RequestError


def schedule_fraction(options, step, total_steps):
    """The fraction of the learning rate at a step, counted from 0."""
    warmup = options.warmup_steps
    if step < warmup:
        return np.float32(step + 1) / np.float32(warmup)
    if options.decay == "constant":
        return np.float32(1)
    progress = min(np.float32(step - warmup) / np.float32(max(total_steps - warmup, 1)), np.float32(1))
    remaining = np.float32(1) - progress
    if options.decay == "cosine":
        remaining = np.float32(0.5) * (np.float32(1) + np.cos(np.float32(math.pi) * progress))
    final = np.float32(options.final_fraction)
    return final + (np.float32(1) - final) * remaining


class AdamW:
    """AdamW with decoupled weight decay on parameters of two or more axes."""

    FIRST, SECOND = "adamw.first.", "adamw.second."

    def __init__(self, options, total_steps=None):
        """`total_steps` replaces the schedule's own."""
        self.options = options
        self.total_steps = options.total_steps if total_steps is None else total_steps
        self.step_count = 0
        self.moments = {}

    @torch.no_grad()
    def update(self, parameters, gradients):
        """Takes one step in place, both by name. Returns the gradient's norm and the learning rate.

        Raises: `RequestError` when the norm is not finite; nothing has changed then.
        """
        norm = torch.stack([torch.square(gradient).sum() for gradient in gradients.values()]).sum().sqrt().item()
        if not math.isfinite(norm):
            raise RequestError(f"The gradient's norm is {norm} at step {self.step_count + 1}; lower the learning rate.")
        limit, scale = self.options.maximum_gradient_norm, np.float32(1)
        if limit is not None:
            scale = min(np.float32(1), np.float32(limit) / max(np.float32(norm), np.float32(1e-12)))
        rate = np.float32(self.options.learning_rate) * schedule_fraction(
            self.options, self.step_count, self.total_steps)
        self.step_count += 1
        for name, parameter in parameters.items():
            self._update(name, parameter, gradients[name] * float(scale), rate)
        return norm, float(rate)

    def _update(self, name, parameter, gradient, rate):
        beta1, beta2 = np.float32(self.options.beta1), np.float32(self.options.beta2)
        correction1, correction2 = (np.float32(1 - float(beta) ** self.step_count) for beta in (beta1, beta2))
        decay = np.float32(1) - rate * np.float32(self.options.weight_decay if parameter.ndim >= 2 else 0)
        if name not in self.moments:
            self.moments[name] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        first, second = self.moments[name]
        first.mul_(float(beta1)).add_(gradient * float(np.float32(1) - beta1))
        second.mul_(float(beta2)).add_(gradient * float(np.float32(1) - beta2) * gradient)
        root = torch.sqrt(second * float(np.float32(1) / correction2)) + float(np.float32(self.options.epsilon))
        parameter.mul_(float(decay)).sub_(first * float(rate / correction1) / root)

    def state(self):
        """The moments by name, in the Swift trainer's form."""
        return {
            prefix + name: moments[index]
            for name, moments in sorted(self.moments.items())
            for index, prefix in enumerate((self.FIRST, self.SECOND))}

    def restore(self, arrays, step_count, parameters, place):
        """Continues from a saved state.

        Raises: `RequestError` that names `place` when the state belongs to other parameters.
        """
        expected = {prefix + name for name in parameters for prefix in (self.FIRST, self.SECOND)} if step_count else set()
        if set(arrays) != expected:
            odd = sorted(set(arrays) ^ expected)[0]
            raise RequestError(
                f"{place}: '{odd}' does not match the parameters in training; give the optimiser's state of the "
                "same adapter and method.")
        for name, parameter in parameters.items() if step_count else ():
            pair = [arrays[prefix + name] for prefix in (self.FIRST, self.SECOND)]
            if any(moment.shape != parameter.shape or moment.dtype != torch.float32 for moment in pair):
                raise RequestError(
                    f"{place}: the moments of '{name}' do not have its shape {list(parameter.shape)}; give the "
                    "optimiser's state of the same adapter.")
            self.moments[name] = tuple(moment.to(parameter.device, copy=True) for moment in pair)
        self.step_count = step_count
