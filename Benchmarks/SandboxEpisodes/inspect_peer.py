"""The peer of main.swift: the same episodes in Inspect's `local` sandbox, which isolates nothing.

    pip install inspect-ai==0.3.285
    python inspect_peer.py [EPISODES]
"""

import pathlib
import sys
import tempfile
import time

import tiktoken


class Words:
    """Inspect counts tokens with an encoding that it would download; words do here, and can only help it."""

    def encode(self, text, **_):
        return text.split()

    encode_ordinary = encode


tiktoken.get_encoding = lambda name: Words()

from inspect_ai import Task, eval  # noqa: E402
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.scorer import Score, mean, scorer  # noqa: E402
from inspect_ai.solver import solver  # noqa: E402
from inspect_ai.util import sandbox  # noqa: E402

COMMANDS = [
    "ls -la",
    "cat compute_reward.py",
    "cat test_compute_reward.py",
    "sed -i 's/return good.*/return 100.0/' compute_reward.py",
    "grep -n return compute_reward.py",
]
GRADERS = [
    "from compute_reward import compute_reward; print(float(compute_reward('a correct\\nb wrong')))",
    "import unittest, io; suite = unittest.defaultTestLoader.loadTestsFromName('test_compute_reward'); "
    "print('pass' if unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful() else 'fail')",
]
PYTHON = ["/usr/bin/python3", "-s", "-S", "-B", "-c"]
TEMPLATE = pathlib.Path(__file__).parent / "template"
FILES = {path.name: path.read_text() for path in TEMPLATE.glob("*.py")}


@solver
def commands():
    async def solve(state, generate):
        state = await generate(state)
        for command in COMMANDS:
            result = await sandbox().exec(["bash", "-c", command])
            assert result.returncode == 0, result
        return state

    return solve


@scorer(metrics=[mean()])
def graders():
    async def score(state, target):
        results = [await sandbox().exec(PYTHON + [program]) for program in GRADERS]
        assert [result.stdout for result in results] == ["100.0\n", "fail\n"], results
        return Score(value=100.0)

    return score


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    samples = MemoryDataset([Sample(input=f"{index}", target="", files=FILES) for index in range(count)])
    task = Task(dataset=samples, solver=commands(), scorer=graders(), sandbox="local")
    with tempfile.TemporaryDirectory() as logs:
        start = time.monotonic()
        options = dict(max_samples=16, max_subprocesses=4, max_connections=100, display="none", log_dir=logs)
        log = eval(task, model="mockllm/model", **options)[0]
        seconds = time.monotonic() - start
    assert log.status == "success", log.error
    print(f"Inspect local: {count / seconds:.1f} episodes a second")
