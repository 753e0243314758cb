#!/bin/bash
cat > /app/duration.py <<'END'
import sys

seconds = int(sys.argv[1])
parts = []
for unit, size in [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]:
    number, seconds = divmod(seconds, size)
    if number:
        parts.append(f"{number}{unit}")
print(" ".join(parts) or "0s")
END
