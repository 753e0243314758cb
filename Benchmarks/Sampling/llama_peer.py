"""llama.cpp on the work of main.swift: rows that share a prompt of 700 tokens, batched decoding, greedy by NumPy.

    python llama_peer.py MODEL.gguf [greedy]     (llama-cpp-python, numpy)

Prints JSON lines like main.swift. The prompt's cache is shared between sequences; all cores are used.
"""

import json
import os
import resource
import statistics
import sys
import time

import llama_cpp as llama
import numpy as np

PROMPT = 700
silent = llama.llama_log_callback(lambda level, text, data: None)
llama.llama_log_set(silent, None)
llama.llama_backend_init()
model = llama.llama_model_load_from_file(sys.argv[1].encode(), llama.llama_model_default_params())
options = llama.llama_context_default_params()
options.n_ctx, options.n_batch, options.n_ubatch, options.n_seq_max = PROMPT + 64 * 64, 512, 512, 64
options.n_threads = options.n_threads_batch = len(os.sched_getaffinity(0))
options.kv_unified = True
context = llama.llama_init_from_model(model, options)
vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
memory = llama.llama_get_memory(context)
prompt = [1_000 + i * 7_919 % (vocabulary - 2_000) for i in range(PROMPT)]
batch = llama.llama_batch_init(512, 0, 64)


def decode(tokens):
    """Seconds to decode (token, position, sequence, wants logits) tuples."""
    batch.n_tokens = len(tokens)
    for i, (token, position, sequence, wants) in enumerate(tokens):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, wants
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence
    start = time.perf_counter()
    assert llama.llama_decode(context, batch) == 0
    return time.perf_counter() - start


def best(i):
    logits = llama.llama_get_logits_ith(context, i)
    return int(np.ctypeslib.as_array(logits, shape=(vocabulary,)).argmax())


def prefill():
    llama.llama_memory_clear(memory, True)
    work = [(token, i, 0, i == PROMPT - 1) for i, token in enumerate(prompt)]
    return sum(decode(work[i:i + 512]) for i in range(0, PROMPT, 512))


def steps(rows, count):
    prefill()
    for row in range(1, rows):
        llama.llama_memory_seq_cp(memory, 0, row, -1, -1)
    tokens, times = [5_000 + row for row in range(rows)], []
    for step in range(count):
        seconds = decode([(tokens[row], PROMPT + step, row, True) for row in range(rows)])
        start = time.perf_counter()
        tokens = [best(row) for row in range(rows)]
        times.append(seconds + time.perf_counter() - start)
    return statistics.median(times)


if "greedy" in sys.argv:
    prefill()
    drawn = [best((PROMPT - 1) % 512)]
    for i in range(23):
        decode([(drawn[-1], PROMPT + i, 0, True)])
        drawn.append(best(0))
    print(*drawn)
    sys.exit()
print(json.dumps({"prefill": round(PROMPT / statistics.median(prefill() for _ in range(5)), 2)}), flush=True)
for rows, count in ((64, 9), (16, 15), (1, 31)):
    seconds = steps(rows, count)
    print(json.dumps({"rows": rows, "tokens_per_second": round(rows / seconds, 2),
                      "milliseconds": round(seconds * 1000, 2)}), flush=True)
print(json.dumps({"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
