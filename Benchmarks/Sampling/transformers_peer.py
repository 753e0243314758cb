"""transformers with torch in float32 on the work of main.swift: rows that share a prompt of 700 tokens.

    python transformers_peer.py MODEL.gguf     (transformers, torch, gguf)

Prints JSON lines like main.swift. The prompt is read once and its cache repeated; tokens are drawn from the full softmax.
"""

import copy
import json
import os
import resource
import statistics
import sys
import time

import torch
import transformers

PROMPT = 700
transformers.logging.set_verbosity_error()
torch.set_num_threads(len(os.sched_getaffinity(0)))
folder, file = os.path.split(os.path.abspath(sys.argv[1]))
model = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
vocabulary = model.config.vocab_size
prompt = torch.tensor([[1_000 + i * 7_919 % (vocabulary - 2_000) for i in range(PROMPT)]])


def prefill():
    start = time.perf_counter()
    cache = model(prompt, use_cache=True, logits_to_keep=1).past_key_values
    return time.perf_counter() - start, cache


def steps(rows, count):
    cache = copy.deepcopy(prefill()[1])
    cache.batch_repeat_interleave(rows)
    tokens, times = torch.arange(5_000, 5_000 + rows)[:, None], []
    for _ in range(count):
        start = time.perf_counter()
        logits = model(tokens, past_key_values=cache, use_cache=True).logits[:, -1]
        tokens = torch.multinomial(logits.softmax(-1), 1)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


with torch.inference_mode():
    print(json.dumps({"prefill": round(PROMPT / statistics.median(prefill()[0] for _ in range(5)), 2)}), flush=True)
    for rows, count in ((64, 5), (16, 9), (1, 15)):
        seconds = steps(rows, count)
        print(json.dumps({"rows": rows, "tokens_per_second": round(rows / seconds, 2),
                          "milliseconds": round(seconds * 1000, 2)}), flush=True)
print(json.dumps({"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
