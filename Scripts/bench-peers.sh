#!/usr/bin/env bash
# Puts the benchmarks' peers into .deps/peers: PyTorch, transformers, peft, gguf, pandas, and llama-cpp-python, which is compiled
# for this machine (some 8 minutes on two cores).
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .deps
python3 -m venv .deps/peers
.deps/peers/bin/pip install --quiet --disable-pip-version-check torch transformers peft gguf llama-cpp-python pandas
echo "The peers are in .deps/peers."
