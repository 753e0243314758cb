#!/bin/bash
cat > /app/validate.py <<'END'
import json
import sys

try:
    with open(sys.argv[1]) as file:
        config = json.load(file)
    valid = isinstance(config["name"], str) and isinstance(config["port"], int) and 0 < config["port"] < 65536
except (OSError, ValueError, KeyError, TypeError):
    valid = False
sys.exit(0 if valid else 1)
END
