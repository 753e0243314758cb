import json
import sys
from pathlib import Path

EXPECTED = {"auth": 8, "billing": 8, "search": 8}

try:
    report = json.loads(Path("/app/report.json").read_text())
except (OSError, ValueError) as problem:
    sys.exit(f"no report: {problem}")
if report != EXPECTED:
    sys.exit(f"expected {EXPECTED}, found {report}")
