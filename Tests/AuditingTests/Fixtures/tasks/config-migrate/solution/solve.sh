#!/bin/bash
python3 - <<'END'
import json

with open("/app/old.ini") as file:
    pairs = [line.split(" = ") for line in file.read().splitlines()]
with open("/app/new.json", "w") as file:
    json.dump(dict(pairs), file)
END
