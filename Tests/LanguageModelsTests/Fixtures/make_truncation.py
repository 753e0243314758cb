"""Makes truncation.json beside this file: what `transformers` leaves of one distribution.

    python make_truncation.py     (transformers, torch, safetensors)

The logits are the last of row 0 of llama.safetensors. Each case has the options and the probabilities of all tokens after
the temperature, then top-k, top-p and min-p, in the order of `GenerationMixin`.
"""

import json
import os

import torch
from safetensors.torch import load_file
from transformers import MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

CASES = [(1.0, 0, 1.0, 0.0), (0.5, 0, 1.0, 0.0), (2.0, 7, 1.0, 0.0), (1.0, 1, 1.0, 0.0), (1.0, 64, 1.0, 0.0),
         (1.0, 500, 1.0, 0.0), (1.0, 0, 0.9, 0.0), (1.5, 0, 0.5, 0.0), (1.0, 0, 0.001, 0.0), (1.0, 0, 1.0, 0.1),
         (2.0, 0, 1.0, 1.0), (0.8, 20, 0.9, 0.05), (1.3, 5, 0.7, 0.5), (3.0, 40, 0.95, 0.02)]

folder = os.path.dirname(os.path.abspath(__file__))
logits = load_file(os.path.join(folder, "llama.safetensors"))["logits"][0, -1:]
cases = []
for temperature, top_k, top_p, min_p in CASES:
    scores = TemperatureLogitsWarper(temperature)(None, logits)
    if top_k > 0:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(None, scores)
    if min_p > 0:
        scores = MinPLogitsWarper(min_p)(None, scores)
    probabilities = scores.softmax(-1)[0].double().tolist()
    cases.append({"temperature": temperature, "topK": top_k, "topP": top_p, "minP": min_p,
                  "probabilities": [float(f"{p:.7g}") for p in probabilities]})
with open(os.path.join(folder, "truncation.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print([sum(p > 0 for p in case["probabilities"]) for case in cases])
