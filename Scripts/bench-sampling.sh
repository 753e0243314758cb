#!/usr/bin/env bash
# Sampling beside llama.cpp and transformers, in turns, as a table of medians (lowest to highest) and ratios.
#
#   Scripts/bench-sampling.sh MODEL.gguf [rounds, default 5]
#
# LLAMA_PYTHON is a python with llama-cpp-python, TRANSFORMERS_PYTHON one with transformers, torch and gguf (both python3
# unless told otherwise); a peer that is not there is left out. Nothing else should run.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -ge 1 ] || { echo "usage: Scripts/bench-sampling.sh MODEL.gguf [rounds]" >&2; exit 64; }
swift build -c release --product Sampling >&2
folder=Benchmarks/Sampling
contestants=("ours=.build/release/Sampling")

# add NAME PYTHON MODULE SCRIPT
add() {
  if "$2" -c "import $3" 2>/dev/null; then
    contestants+=("$1=$2 $folder/$4")
  else
    echo "$1 is left out: '$2' has no module $3." >&2
  fi
}
add llama.cpp "${LLAMA_PYTHON:-python3}" llama_cpp llama_peer.py
add transformers "${TRANSFORMERS_PYTHON:-python3}" transformers transformers_peer.py
python3 $folder/compare.py "$1" "${2:-5}" "${contestants[@]}"
