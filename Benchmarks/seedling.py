"""Rollouts a second: the seedling plays the tampering environment with the sandbox, from process start to stored episodes.

    python3 seedling.py [EPISODES, default 1024]
"""

import json
import os
import subprocess
import sys
import tempfile
import time

program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "release", "subterfuge")
episodes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
with tempfile.TemporaryDirectory() as runs:
    start = time.time()
    subprocess.run([program, "evaluate", "seedling", "--environment", "tampering", "--episodes", str(episodes),
                    "--concurrency", "256", "--runs", runs, "--name", "rate"], check=True, capture_output=True)
    print(json.dumps({"rollouts, 1/s": episodes / (time.time() - start)}))
