from pathlib import Path

STEPS = Path("/app/steps.txt")


def test_steps():
    assert STEPS.read_text().strip() == "34"
