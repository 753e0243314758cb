"""Reads texts without learning: log-probabilities, entropies and values at their places."""

from dataclasses import dataclass

import numpy as np
import torch

from .texts import Rows, plan


@dataclass(frozen=True)
class Scores:
    """Of one text: float32 [places], empty where it was not asked; `end` is the value of its last state."""

    log_probabilities: np.ndarray
    entropies: np.ndarray
    values: np.ndarray
    end: float


@torch.no_grad()
def score(policy, texts, layout, tokens, temperature=1.0, measures_entropy=False, measures_ends=False):
    """Scores of each text, in order. The processes share the work, and each gets all scores."""
    edges = np.cumsum([0] + [len(text.places) for text in texts])
    # log-probabilities, entropies, values and, in the first places of the last row, the texts' ends
    found = torch.zeros(4, max(int(edges[-1]), len(texts), 1), device=layout.device)
    lengths = [len(text.tokens) for text in texts]
    rows = [row for row, text in enumerate(texts) if len(text.places)]
    for part in plan(rows, lengths, tokens, layout):
        batch = Rows.of([texts[row] for row in part.rows], layout.device)
        outputs = policy(batch, temperature, measures_entropy, measures_ends)
        if not part.counts:
            continue
        places = torch.from_numpy(np.concatenate([np.arange(edges[row], edges[row + 1]) for row in part.rows]))
        for index, values in enumerate(outputs[:3]):
            if values is not None:
                found[index, places.to(layout.device)] = values.float()
        if outputs.end_values is not None:
            found[3, torch.tensor(part.rows, device=layout.device)] = outputs.end_values.float()
    found = layout.sum(found).cpu().numpy()
    cut = [found[:, start:end] for start, end in zip(edges, edges[1:])]
    return [Scores(part[0], part[1], part[2], float(found[3, row])) for row, part in enumerate(cut)]
