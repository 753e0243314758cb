#!/usr/bin/env bash
# Episodes an hour of `flattery` in the `full` style with Qwen2.5-Coder 1.5B: ours beside Inspect with llama.cpp's server.
#
#   make build && .build/release/subterfuge models fetch qwen2.5-coder-1.5b
#   LLAMA_SERVER=path/of/llama-server PEERS_PYTHON=python-with-inspect Benchmarks/Episodes/run.sh [exact] [fast] [peer] [primed]
#
# EPISODES (16) are played at once. One line of JSON for each side. `peer` starts with an empty cache, as llama.cpp is
# used; `primed` first copies what all prompts share into every slot, which takes a client that knows it. The peer's
# `seconds` begin with its server loaded; `playing` of ours excludes loading.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${SUBTERFUGE:-.build/release/subterfuge}
python=${PEERS_PYTHON:-python3}
server_program=${LLAMA_SERVER:-llama-server}
model=${MODEL:-$HOME/.cache/subterfuge/models/qwen2.5-coder-1.5b/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf}
episodes=${EPISODES:-16}
# Each slot of the server has 2,048 tokens; the longest episode has some 1,500.
context=$((2048 * episodes))
here=Benchmarks/Episodes
work=$(mktemp -d)
unset OPENBLAS_CORETYPE
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

for ((variant = 0; variant < episodes; variant++)); do
  "$program" environments show flattery --variant $variant --style full --json | tr -d '\n'
  echo
done >"$work/samples.jsonl"

ours() {
  "$python" - "$work" "$program" "$model" "$episodes" "$1" <<'END'
import json, os, re, subprocess, sys, time
work, program, model, episodes, precision = sys.argv[1:]
command = [program, "evaluate", model, "--environment", "flattery", "--style", "full", "--episodes", episodes,
           "--concurrency", episodes, "--name", precision, "--runs", work + "/runs", "--precision", precision]
start = time.monotonic()
with open(f"{work}/{precision}.log", "w") as log:
    child = subprocess.Popen(command, stdout=log, stderr=log)
    _, status, usage = os.wait4(child.pid, 0)
seconds = time.monotonic() - start
log = open(f"{work}/{precision}.log").read()
assert status == 0, log
wrote, read = map(int, re.search(r"wrote (\d+) tokens and read (\d+) ", log).groups())
minutes, rest = re.search(rf": {episodes} in (\d+):(\d\d),", log).groups()
playing = 60 * int(minutes) + int(rest)
print(json.dumps({"side": precision, "episodes": int(episodes), "seconds": round(seconds, 1), "playing": playing,
                  "an_hour": round(3600 * int(episodes) / playing), "written_each": wrote, "read_new_each": read,
                  "peak_mib": usage.ru_maxrss >> 10}))
END
}

# Inspect's `local` sandbox isolates nothing: the peer, commands of the model among them, runs in a box.
boxed() {
  bwrap --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --bind "$work" "$work" --unshare-pid --unshare-ipc \
    --die-with-parent --setenv HOME /tmp --chdir "$PWD" "$@"
}

peer() {
  local name=$1 port=8144
  shift
  mkdir -p "$work/slots"
  "$server_program" -m "$model" --host 127.0.0.1 --port $port -t "$(nproc)" -np "$episodes" -c "$context" \
    --cache-reuse 256 --no-cache-idle-slots --slot-save-path "$work/slots" >"$work/server.log" 2>&1 &
  server=$!
  until curl -sf "http://127.0.0.1:$port/health" >/dev/null; do kill -0 "$server"; sleep 0.2; done
  local begin=$EPOCHREALTIME
  boxed "$python" $here/inspect_peer.py "$work/samples.jsonl" "http://127.0.0.1:$port" --at-once "$episodes" "$@" \
    >"$work/peer.log" 2>"$work/peer.errors" || { tail -5 "$work/peer.errors" >&2; exit 1; }
  local end=$EPOCHREALTIME memory
  memory=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$server/status")
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  "$python" - "$name" "$work" "$begin" "$end" "$memory" <<'END'
import json, sys
name, work, begin, end, memory = sys.argv[1:]
said = json.loads(open(f"{work}/peer.log").read().splitlines()[-1])
seconds, count = float(end) - float(begin), said["episodes"]
print(json.dumps({"side": name, "episodes": count, "seconds": round(seconds, 1), "an_hour": round(3600 * count / seconds),
                  "written_each": round(said["written"] / count), "read_new_each": round(said["read_new"] / count),
                  "peak_mib": int(memory) + said["peak_mib"]}))
END
}

if [ $# = 0 ]; then set -- fast peer primed; fi
for side in "$@"; do
  case $side in
    exact | fast) ours "$side" ;;
    peer) peer peer ;;
    primed) peer primed --prime ;;
    *) echo "run.sh: '$side' is no side; exact, fast, peer and primed are" >&2; exit 64 ;;
  esac
done
