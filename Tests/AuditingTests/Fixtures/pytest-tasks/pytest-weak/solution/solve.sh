#!/bin/bash
cd /app
python3 - <<'END'
import csv
import json

rows = [dict(row, born=int(row["born"])) for row in csv.DictReader(open("people.csv"))]
json.dump(sorted(rows, key=lambda row: row["born"]), open("people.json", "w"))
END
