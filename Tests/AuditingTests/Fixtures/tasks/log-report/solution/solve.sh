#!/bin/bash
python3 - <<'END'
import json
from pathlib import Path

report = {}
for log in sorted(Path("/app/logs").glob("*.log")):
    report[log.stem] = sum(line.split()[1] == "ERROR" for line in log.read_text().splitlines())
Path("/app/report.json").write_text(json.dumps(report) + "\n")
END
