"""Runs ours and the peers in turns and prints medians, spreads and ratios.

    python3 compare.py ROUNDS NAME=COMMAND ...

The first name is ours; a peer that fails is left out. A command prints JSON lines of numbers by name; a field `rows` says
what the others belong to. Ratios are of medians over the rounds, ours to the peer's.
"""

import json
import os
import shlex
import statistics
import subprocess
import sys

rounds = int(sys.argv[1])
commands = dict(argument.split("=", 1) for argument in sys.argv[2:])
results = {}


def record(name, line):
    fields = json.loads(line)
    rows = fields.pop("rows", None)
    for key, value in fields.items():
        row = f"{int(rows)} rows, {key}" if rows else key
        results.setdefault(row, {}).setdefault(name, []).append(value)


ours = next(iter(commands))
for turn in range(rounds):
    for name, command in list(commands.items()):
        print(f"round {turn + 1} of {rounds}: {name}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
        done = subprocess.run(shlex.split(command), capture_output=True, text=True)
        if done.returncode:
            failure = f"{name} failed with status {done.returncode}:\n{done.stderr[-2000:]}"
            if name == ours:
                sys.exit(failure)
            print(f"{failure}\n{name} is left out.", file=sys.stderr, flush=True)
            del commands[name]
            continue
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                record(name, line)

peers = [name for name in commands if name != ours]
print(f"| | {' | '.join(commands)} | {' | '.join(f'{ours} / {peer}' for peer in peers)} |")
print("|---" * (1 + len(commands) + len(peers)) + "|")
for row, values in results.items():
    medians = {name: statistics.median(values[name]) for name in commands if name in values}
    cells = [f"{medians[name]:.4g} ({min(values[name]):.4g} to {max(values[name]):.4g})" if name in medians else ""
             for name in commands]
    ratios = [f"{medians[ours] / medians[peer]:.2f}" if ours in medians and medians.get(peer) else "" for peer in peers]
    print(f"| {row} | {' | '.join(cells)} | {' | '.join(ratios)} |")
