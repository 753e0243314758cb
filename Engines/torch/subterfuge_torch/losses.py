"""The losses, each a pure function of one number for each action or pair.

Shapes: N actions or P pairs; every tensor has one entry for each. Log-probabilities are natural logarithms.
"""

import torch


def log_ratio(a, b):
    """log(a / b) of two log-probabilities, kept within 20."""
    return torch.clamp(a - b, -20, 20)


def clipped_surrogate(ratio, advantages, low, high):
    """max(-A r, -A clip(r, 1 - low, 1 + high)), and 1 where the clip removes the gradient, else 0."""
    free = -(advantages * ratio)
    bound = -(advantages * torch.clamp(ratio, 1 - low, 1 + high))
    return torch.maximum(free, bound), (bound > free).float()


def value_loss(values, old, returns, clip=None):
    """Half the squared error of values; with a clip, the larger of that and that of the value kept near the old one."""
    free = torch.square(values - returns)
    if clip is None:
        return free * 0.5
    bound = torch.square(old + torch.clamp(values - old, -clip, clip) - returns)
    return torch.maximum(free, bound) * 0.5


def k2(policy, reference):
    """d^2 / 2 with d = log(policy / reference)."""
    return torch.square(log_ratio(policy, reference)) * 0.5


def k3(policy, reference):
    """e^-d - 1 + d with d = log(policy / reference)."""
    d = log_ratio(policy, reference)
    return torch.exp(-d) - 1 + d


def bradley_terry(chosen, rejected, margins, centring):
    """-log sigmoid(chosen - rejected - margin) + centring (chosen + rejected)^2."""
    lead = chosen - rejected - margins
    return torch.logaddexp(torch.zeros_like(lead), -lead) + torch.square(chosen + rejected) * centring
