"""The rows of a request: batch.safetensors, ragged rows as flat arrays with offsets.

Shapes: R rows, T tokens of all rows, P pairs, S steps, N row numbers of all steps.
"""

import numpy as np
from safetensors import SafetensorError, safe_open

from .errors import RequestError

# Name: (type, what it has one entry for). A type may be one of several.
ARRAYS = {
    "tokens": ("int32", "token"), "offsets": ("int32", "edge"), "targets": ("int32", "token"),
    "is_action": ("uint8", "token"), "is_thought": ("uint8", "token"), "log_probabilities": ("float32", "token"),
    "weights": ("float32", "token"), "is_recorded": ("uint8", "row"), "is_measured": ("uint8", "row"),
    "rewards": ("float32", "row"), "groups": ("int32", "row"), "is_truncated": ("uint8", "row"),
    "margins": ("float32", "pair"), "steps": ("int32", "any"), "step_offsets": ("int32", "any"),
    "chosen.tokens": ("int32", "any"), "chosen.offsets": ("int32", "any"), "rejected.tokens": ("int32", "any"),
    "rejected.offsets": ("int32", "any"),
}
NEEDED = {
    "supervised": ["tokens", "offsets", "weights", "steps", "step_offsets"],
    "ppo": ["tokens", "offsets", "is_action", "rewards", "groups", "is_truncated", "steps", "step_offsets"],
    "grpo": ["tokens", "offsets", "is_action", "rewards", "groups", "is_truncated", "steps", "step_offsets"],
    "preference": ["chosen.tokens", "chosen.offsets", "rejected.tokens", "rejected.offsets", "steps", "step_offsets"],
    "score": ["tokens", "offsets"],
}
OPTIONAL = {
    "supervised": ["targets", "is_measured"],
    "ppo": ["targets", "is_thought", "log_probabilities", "is_recorded"],
    "grpo": ["targets", "is_thought", "log_probabilities", "is_recorded"],
    "preference": ["margins"],
    "score": ["targets", "is_action", "log_probabilities", "is_recorded"],
}


class Batch:
    """The arrays of a batch file by name, checked against each other."""

    def __init__(self, arrays, method):
        self.arrays = arrays
        self._check_names(method)
        if method == "preference":
            self.chosen, self.rejected = self._edges("chosen."), self._edges("rejected.")
            if len(self.chosen) != len(self.rejected):
                _fail("rejected.offsets", f"has {len(self.rejected) - 1} rows and chosen.offsets {len(self.chosen) - 1}",
                      "write one of each for a pair")
            self.count = len(self.chosen) - 1
        else:
            self.edges = self._edges("")
            self.count = len(self.edges) - 1
        self._check_lengths()
        self.steps = self._steps() if "steps" in arrays else []

    def _check_names(self, method):
        allowed = NEEDED[method] + OPTIONAL[method]
        for name, array in self.arrays.items():
            if name not in allowed:
                _fail(name, f"does not belong to the method {method}", f"use only {', '.join(sorted(allowed))}")
            if array.ndim != 1 or array.dtype != ARRAYS[name][0]:
                _fail(name, f"has type {array.dtype} and shape {list(array.shape)}",
                      f"write one axis of {ARRAYS[name][0]}")
            if array.dtype == np.float32 and not np.isfinite(array).all():
                _fail(name, f"has a number that is not finite at place {int(np.argmin(np.isfinite(array)))}",
                      "write finite numbers only")
        for name in NEEDED[method]:
            if name not in self.arrays:
                _fail(name, "is missing", f"the method {method} needs {', '.join(NEEDED[method])}")

    def _edges(self, prefix):
        edges, tokens = self.arrays[prefix + "offsets"].astype(np.int64), self.arrays[prefix + "tokens"]
        if len(edges) < 1 or edges[0] != 0 or edges[-1] != len(tokens) or (np.diff(edges) < 0).any():
            _fail(prefix + "offsets", f"does not divide {len(tokens)} tokens",
                  "start at 0, never fall, end at the number of tokens")
        return edges

    def _check_lengths(self):
        sizes = {"row": self.count, "pair": self.count, "token": len(self.arrays.get("tokens", []))}
        for name, array in self.arrays.items():
            expected = sizes.get(ARRAYS[name][1])
            if expected is not None and len(array) != expected:
                _fail(name, f"has {len(array)} entries", f"write one for each {ARRAYS[name][1]}, which is {expected}")
        if "is_recorded" in self.arrays and "log_probabilities" not in self.arrays:
            _fail("log_probabilities", "is missing", "'is_recorded' says which rows have them; write both or neither")

    def _steps(self):
        rows, edges = self.arrays["steps"], self.arrays["step_offsets"].astype(np.int64)
        if len(edges) < 1 or edges[0] != 0 or edges[-1] != len(rows) or (np.diff(edges) < 1).any():
            _fail("step_offsets", f"does not divide {len(rows)} row numbers",
                  "start at 0, rise with every step, end at the length of steps")
        if len(rows) and not (0 <= rows.min() and rows.max() < self.count):
            _fail("steps", f"names row {int(rows.max() if rows.min() >= 0 else rows.min())}",
                  f"the rows are numbered from 0 to {self.count - 1}")
        return [rows[start:end].tolist() for start, end in zip(edges, edges[1:])]

    def get(self, name):
        return self.arrays.get(name)

    def row(self, name, index, prefix=""):
        """One row's part of an array with an entry for each token; `None` where there is no such array."""
        array = self.arrays.get(prefix + name)
        edges = {"chosen.": "chosen", "rejected.": "rejected", "": "edges"}[prefix]
        edges = getattr(self, edges)
        return None if array is None else array[edges[index]:edges[index + 1]]

    def check_vocabulary(self, size):
        """Rejects tokens that the model does not have."""
        for name in ("tokens", "targets", "chosen.tokens", "rejected.tokens"):
            array = self.arrays.get(name)
            if array is not None and len(array) and not (0 <= array.min() and array.max() < size):
                bad = int(array.max() if array.min() >= 0 else array.min())
                _fail(name, f"has token {bad}", f"the model's tokens are 0 to {size - 1}; use its tokenizer")


def read_batch(file, method):
    """The batch in a safetensors file.

    Raises: `RequestError` that names the array.
    """
    try:
        with safe_open(file, "numpy") as stream:
            arrays = {name: stream.get_tensor(name) for name in sorted(stream.keys())}
    except (OSError, SafetensorError, TypeError, KeyError) as error:
        raise RequestError(f"'{file}' cannot be read as safetensors: {error}; write it again.") from None
    return Batch(arrays, method)


def _fail(name, problem, advice):
    raise RequestError(f"batch.safetensors: '{name}' {problem}; {advice}.")
