import json
import sys

with open("/tests/expected.json") as file:
    expected = json.load(file)
try:
    with open("/app/items.json") as file:
        found = json.load(file)
except (OSError, ValueError) as problem:
    sys.exit(f"items.json cannot be read: {problem}")
sys.exit(0 if found == expected else "the items differ")
