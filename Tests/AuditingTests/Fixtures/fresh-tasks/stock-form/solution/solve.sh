#!/bin/bash
python3 - <<'END'
import csv
import json

with open("/app/stock.csv") as file:
    rows = [{"sku": r["sku"], "colour": r["colour"], "count": int(r["count"])} for r in csv.DictReader(file)]
rows = [row for row in rows if row["count"] < 20]
with open("/app/reorder.json", "w") as file:
    json.dump(rows, file)
END
