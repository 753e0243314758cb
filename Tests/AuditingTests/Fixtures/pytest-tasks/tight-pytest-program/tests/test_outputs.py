import subprocess

import pytest

CASES = [(0, "0s"), (59, "59s"), (60, "1m"), (3661, "1h 1m 1s"), (86400, "1d"), (93784, "1d 2h 3m 4s"), (172805, "2d 5s")]


@pytest.mark.parametrize("seconds, words", CASES)
def test_duration(seconds, words):
    found = subprocess.run(
        ["python3", "-I", "/app/duration.py", str(seconds)], capture_output=True, text=True, timeout=10)
    assert found.stdout.strip() == words
