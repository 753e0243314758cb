#!/usr/bin/env bash
# Speed beside the peers, in turns, as tables of medians (lowest to highest) and ratios.
#
#   Scripts/bench.sh [limits] [training] [finetuning] [group] [sampling] [seedling] [store]     all unless told otherwise
#
# ROUNDS (5) is how often everything is run. PEERS_PYTHON (.deps/peers/bin/python, which Scripts/bench-peers.sh makes, or
# python3) needs torch, transformers, peft, gguf, llama-cpp-python and pandas; a peer that is not there is left out.
# Sampling needs `subterfuge models fetch gemma3-270m`, or MODEL=path of a GGUF file; PRECISION=fast rounds as `fast` does.
# VLLM='URL NAME VOCABULARY' of a running server puts vLLM beside it (Benchmarks/Sampling/vllm_peer.py).
# The group needs `models fetch qwen2.5-coder-1.5b`; one of the peer's steps takes minutes there. Nothing else should run.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${ROUNDS:-5}
python=${PEERS_PYTHON:-$([ -x .deps/peers/bin/python ] && echo .deps/peers/bin/python || command -v python3)}
wanted=${*:-limits training finetuning group sampling seedling store}

# A core type forced upon OpenBLAS slows ours alone: PyTorch and llama.cpp bring their own products.
if [ -n "${OPENBLAS_CORETYPE:-}" ]; then
  echo "OPENBLAS_CORETYPE=$OPENBLAS_CORETYPE is set aside, so that OpenBLAS chooses for this processor." >&2
  unset OPENBLAS_CORETYPE
fi

contestants=()
# add NAME MODULE COMMAND...: a peer, if its module is there
add() {
  local name=$1 module=$2
  shift 2
  if "$python" -c "import $module" 2>/dev/null; then
    contestants+=("$name=$python $*")
  else
    echo "$name is left out: $python has no module $module." >&2
  fi
}

# compare TITLE PRODUCT COMMAND...: builds ours, runs all, prints the table
compare() {
  local title=$1 product=$2
  shift 2
  swift build -c release --product "$product" >&2
  printf '\n## %s\n\n' "$title"
  python3 Benchmarks/compare.py "$rounds" "ours=$*" "${contestants[@]}"
  contestants=()
}

# What the machine can do at most, by the compiler that comes with Swift.
limits() {
  mkdir -p .build
  "$(dirname "$(readlink -f "$(command -v swift)")")/clang++" -O3 -march=native -pthread Benchmarks/limits.cpp -o .build/limits
  printf '\n## Limits of this machine\n\n'
  .build/limits
}

training() {
  add 'torch.compile' torch Benchmarks/TrainingStep/torch_peer.py compile
  add 'torch eager' torch Benchmarks/TrainingStep/torch_peer.py eager
  compare 'Training step, GPT of 6.9 M parameters, 16 x 256 tokens' TrainingStep .build/release/TrainingStep
}

finetuning() {
  add 'torch.compile + peft' peft Benchmarks/FineTuning/torch_peer.py lora compile 0.5
  add 'torch eager + peft' peft Benchmarks/FineTuning/torch_peer.py lora eager 0.5
  compare 'LoRA step, shapes of Gemma 3 270M, 8 x 256 tokens, loss on half' FineTuning .build/release/FineTuning lora 0.5
}

# path_of NAME: the file of a fetched model, or nothing
path_of() {
  swift build -c release --product subterfuge >&2
  python3 - "$1" <<'END'
import json, subprocess, sys
try:
    listed = json.loads(subprocess.run([".build/release/subterfuge", "models", "list", "--json"],
                                       capture_output=True, text=True, check=True).stdout)
    print(next((m.get("path") or "" for m in listed if m["name"] == sys.argv[1]), ""))
except Exception:
    print("")
END
}

group() {
  local model
  model=$(path_of qwen2.5-coder-1.5b)
  if [ ! -f "$model" ]; then
    echo "The group is left out: run 'subterfuge models fetch qwen2.5-coder-1.5b'." >&2
    return
  fi
  add 'torch.compile + peft' peft Benchmarks/FineTuning/torch_peer.py group compile 1 3
  compare 'LoRA step, Qwen2.5 1.5B, eight answers to one prompt of 700 tokens' FineTuning \
    .build/release/FineTuning group "$model" 3
}

sampling() {
  local model=${MODEL:-$(path_of gemma3-270m)}
  if [ ! -f "$model" ]; then
    echo "Sampling is left out: run 'subterfuge models fetch gemma3-270m', or set MODEL to a GGUF file." >&2
    return
  fi
  add 'llama.cpp' llama_cpp Benchmarks/Sampling/llama_peer.py "$model"
  add 'transformers' transformers Benchmarks/Sampling/transformers_peer.py "$model"
  if [ -n "${VLLM:-}" ]; then add 'vLLM' json Benchmarks/Sampling/vllm_peer.py "$VLLM"; fi
  compare 'Sampling after a shared prompt of 700 tokens' Sampling .build/release/Sampling "$model" "${PRECISION:-exact}"
}

seedling() {
  compare 'Seedling rollouts through the tampering environment' subterfuge python3 Benchmarks/seedling.py
}

# A million episodes take 1.6 GB in the folder for temporary files.
store() {
  local folder
  folder=$(mktemp -d)
  swift build -c release --product EpisodeStore >&2
  .build/release/EpisodeStore make "$folder/many" "${EPISODES:-1000000}"
  add 'pandas' pandas Benchmarks/EpisodeStore/pandas_peer.py "$folder/many"
  compare 'Counts of a million stored episodes' EpisodeStore .build/release/EpisodeStore measure "$folder/many"
  rm -r "$folder"
}

for part in $wanted; do
  case $part in
    limits | training | finetuning | group | sampling | seedling | store) "$part" ;;
    *) echo "There is no benchmark '$part': limits, training, finetuning, group, sampling, seedling, store." >&2; exit 64 ;;
  esac
done
