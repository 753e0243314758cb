import json
import sys

EXPECTED = {"host": "db.example", "port": "5432", "user": "reader"}

with open(sys.argv[1]) as file:
    sys.exit(0 if json.load(file) == EXPECTED else 1)
