"""Scores rows without training: log-probabilities of drawn tokens, or the scores of a preference model."""

import numpy as np
import torch

from ..errors import RequestError
from ..scoring import score
from ..state import write_tensors
from ..texts import Text
from .preference import last_state


def score_rows(request, batch, loaded, layout):
    """Writes `scores.safetensors` and returns the report."""
    make = _preference if request.options == "preference" else _actions
    arrays, metrics = make(request, batch, loaded, layout)
    if layout.is_first:
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        write_tensors(request.output / "scores.safetensors", tensors, {"format": "pt"})
    return {"metrics": metrics}


def _actions(request, batch, loaded, layout):
    if batch.get("is_action") is None:
        raise RequestError("batch.safetensors: 'is_action' is missing; mark the tokens to score.")
    context, texts, places = loaded.context, [], []
    for index in range(batch.count):
        tokens, targets = batch.row("tokens", index)[:context + 1], batch.row("targets", index)
        actions = np.flatnonzero(batch.row("is_action", index)[:context + 1])
        actions = actions[actions > 0]  # the first token follows from nothing
        texts.append(Text(tokens[:context], actions - 1, (tokens if targets is None else targets)[actions]))
        places.append(actions + batch.edges[index])
    found = score(
        loaded.policy, texts, layout, request.tokens_per_microbatch, request.temperature, measures_entropy=True)
    size = len(batch.get("tokens"))
    arrays = {
        "log_probabilities": np.zeros(size, np.float32), "entropies": np.zeros(size, np.float32),
        "is_scored": np.zeros(size, np.uint8)}
    for place, scores in zip(places, found):
        arrays["log_probabilities"][place] = scores.log_probabilities
        arrays["entropies"][place], arrays["is_scored"][place] = scores.entropies, 1
    metrics = {"rollouts": float(batch.count), "actions": float(sum(map(len, places)))}
    recorded, is_recorded = batch.get("log_probabilities"), batch.get("is_recorded")
    if recorded is not None:
        kept = [place for row, place in enumerate(places) if is_recorded is None or is_recorded[row]]
        kept = np.concatenate(kept) if kept else np.zeros(0, np.int64)
        differences = np.abs(recorded[kept] - arrays["log_probabilities"][kept]).astype(np.float64)
        if len(differences):
            metrics["log_probability_difference"] = float(differences.mean())
            metrics["log_probability_difference_max"] = float(differences.max())
    return arrays, metrics


def _preference(request, batch, loaded, layout):
    texts = [last_state(batch.row("tokens", index), loaded.context, "offsets", index) for index in range(batch.count)]
    found = score(loaded.policy, texts, layout, request.tokens_per_microbatch)
    values = np.array([scores.values[0] for scores in found], np.float32)
    if not np.isfinite(values).all():
        raise RequestError("The preference model gives a score that is not finite; train it again.")
    return {"scores": values}, {"rollouts": float(batch.count)}
