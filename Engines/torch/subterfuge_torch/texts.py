"""What a model reads, and how it is cut into micro-batches.

Shapes: B texts, T tokens of the longest, N places.
"""

from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class Text:
    """Tokens that are read together, the places of the states that matter, and what is predicted there."""

    tokens: np.ndarray
    places: np.ndarray
    targets: np.ndarray | None = None


@dataclass(frozen=True)
class Part:
    """Rows that are computed together. One that does not count only keeps step with the other processes."""

    rows: list[int]
    counts: bool = True


def cut(rows, lengths, tokens):
    """Rows, which are in order of length, in parts of at most `tokens` tokens with padding, but of at least one row."""
    parts = []
    for row in rows:
        if parts and (len(parts[-1]) + 1) * lengths[row] <= tokens:
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def plan(rows, lengths, tokens, layout):
    """This process's parts of some rows. With sharding, all processes have the same number of parts."""
    ordered = sorted(rows, key=lambda row: (lengths[row], row))
    shares = [cut(ordered[rank::layout.world], lengths, tokens) for rank in range(layout.world)]
    parts = [Part(part) for part in shares[layout.rank]]
    if layout.is_sharded:
        most = max(len(share) for share in shares)
        parts += [Part(ordered[:1], counts=False)] * (most - len(parts))
    return parts


@dataclass(frozen=True)
class Rows:
    """Texts padded on the right to one length. Attention is causal, so padding reaches no real token."""

    inputs: torch.Tensor  # [B, T]
    places: torch.Tensor  # [N], counted through [B, T] row by row
    targets: torch.Tensor | None  # [N]
    ends: torch.Tensor  # [B], the place of each text's last token

    @classmethod
    def of(cls, texts, device):
        length = max(1, max(len(text.tokens) for text in texts))
        inputs = np.zeros((len(texts), length), np.int64)
        for index, text in enumerate(texts):
            inputs[index, :len(text.tokens)] = text.tokens
        places = np.concatenate([text.places + index * length for index, text in enumerate(texts)])
        ends = np.array([index * length + len(text.tokens) - 1 for index, text in enumerate(texts)])
        targets = None
        if all(text.targets is not None for text in texts):
            targets = torch.from_numpy(np.concatenate([text.targets for text in texts]).astype(np.int64)).to(device)
        return cls(
            torch.from_numpy(inputs).to(device), torch.from_numpy(places.astype(np.int64)).to(device), targets,
            torch.from_numpy(ends).to(device))
