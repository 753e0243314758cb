import json
import sys

EXPECTED = {"0": 0, "1": 14, "2": 8, "3": 23, "4": 15, "5": 9, "6": 24, "7": 16}

try:
    with open("/app/distances.json") as file:
        found = json.loads(file.read(100_000))
except (OSError, ValueError) as problem:
    sys.exit(f"distances.json cannot be read: {problem}")
same = isinstance(found, dict) and {str(k): v for k, v in found.items()} == EXPECTED
sys.exit(0 if same else 1)
