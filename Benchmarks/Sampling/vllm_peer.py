"""A running vLLM server on the work of main.swift: rows that share a prompt of 700 tokens, at temperature 1 with log-probabilities.

    vllm serve FOLDER --served-model-name model --dtype bfloat16 --max-num-seqs 64 &
    python vllm_peer.py http://127.0.0.1:8000 model VOCABULARY

Prints JSON lines like main.swift. The speed is that of the 2nd to the 34th token of every row, medians of three, so that neither
what is left of the prompt to read nor the first answer counts. The server's memory is not measured.
"""

import json
import statistics
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

url, model, vocabulary = sys.argv[1], sys.argv[2], int(sys.argv[3])
prompt = [1_000 + i * 7_919 % (vocabulary - 2_000) for i in range(700)]


def ask(count):
    body = {"model": model, "prompt": prompt, "max_tokens": count, "temperature": 1, "ignore_eos": True, "logprobs": 0}
    request = urllib.request.Request(
        f"{url}/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=1_800) as answer:
        drawn = len(json.load(answer)["choices"][0]["logprobs"]["token_logprobs"])
    if drawn != count:
        sys.exit(f"The server drew {drawn} tokens where {count} were asked for.")


def seconds(rows, count):
    start = time.perf_counter()
    with ThreadPoolExecutor(rows) as pool:
        list(pool.map(ask, [count] * rows))
    return time.perf_counter() - start


print(json.dumps({"prefill": round(700 / seconds(1, 1), 2)}), flush=True)
for rows in (64, 16, 1):
    seconds(rows, 2)  # a shape that the server sees for the first time is slow
    steps = statistics.median(seconds(rows, 34) - seconds(rows, 2) for _ in range(3))
    print(json.dumps({"rows": rows, "tokens_per_second": round(rows * 32 / steps, 2)}), flush=True)
