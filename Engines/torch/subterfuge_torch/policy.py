"""The language model with its adapter and scalar head, as training sees it.

Shapes: B texts, T tokens, D width, V vocabulary, N places, M texts' ends; states [B, T, D].
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

# Logits that are held at a time.
SLICE = 1 << 26


class Outputs(NamedTuple):
    """What the model says at the places of a batch; `None` where it was not asked."""

    log_probabilities: torch.Tensor | None  # [N]
    entropies: torch.Tensor | None  # [N]
    values: torch.Tensor | None  # [N]
    end_values: torch.Tensor | None  # [M]


class ScalarHead(nn.Module):
    """One number for each state: weight [D], bias [1], float32."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(bias.clone())

    def forward(self, states):
        return states.float() @ self.weight + self.bias


class Policy(nn.Module):
    """A causal language model whose logits are computed where they are needed only."""

    def __init__(self, causal, head=None):
        super().__init__()
        self.causal = causal
        self.head = head
        self.logit_cap = getattr(causal.config.get_text_config(), "final_logit_softcapping", None)

    @property
    def backbone(self):
        return getattr(self.causal, self.causal.base_model_prefix)

    def forward(self, rows, temperature=1.0, measures_entropy=False, measures_ends=False):
        """Log-probabilities of `rows.targets` under softmax(logits / temperature), and the head's values."""
        states = self.backbone(input_ids=rows.inputs, use_cache=False).last_hidden_state.flatten(0, 1)
        drawn = states.index_select(0, rows.places)
        log_probabilities = entropies = values = end_values = None
        if rows.targets is not None:
            log_probabilities, entropies = self._distribution(drawn, rows.targets, temperature, measures_entropy)
        if self.head is not None:
            values = self.head(drawn)
            end_values = self.head(states.index_select(0, rows.ends)) if measures_ends else None
        return Outputs(log_probabilities, entropies, values, end_values)

    def _distribution(self, states, targets, temperature, measures_entropy):
        size = max(1, SLICE // self.causal.get_output_embeddings().weight.shape[0])

        def part(states, targets):
            logits = self.causal.get_output_embeddings()(states).float()
            if self.logit_cap:
                logits = torch.tanh(logits / self.logit_cap) * self.logit_cap
            logits = logits / temperature
            log_sums = torch.logsumexp(logits, dim=-1)
            log_probabilities = logits.gather(-1, targets[:, None])[:, 0] - log_sums
            if not measures_entropy:
                return log_probabilities, None
            return log_probabilities, log_sums - (torch.softmax(logits, dim=-1) * logits).sum(-1)

        if len(targets) <= size:
            return part(states, targets)
        run = part if not torch.is_grad_enabled() else (
            lambda *inputs: checkpoint(part, *inputs, use_reentrant=False, preserve_rng_state=False))
        parts = [run(*inputs) for inputs in zip(states.split(size), targets.split(size))]
        log_probabilities = torch.cat([result[0] for result in parts])
        return log_probabilities, torch.cat([result[1] for result in parts]) if measures_entropy else None
