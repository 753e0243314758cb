#!/bin/bash
cat > /app/calc.py <<'END'
import json
import sys

operations = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b}
if len(sys.argv) != 4 or sys.argv[1] not in operations:
    sys.exit(2)
print(json.dumps({"result": operations[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))}))
END
