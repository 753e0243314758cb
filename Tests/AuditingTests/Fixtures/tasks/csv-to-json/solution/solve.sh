#!/bin/bash
python3 - <<'END'
import csv
import json

with open("/app/items.csv") as file:
    items = [
        {"id": int(row["id"]), "name": row["name"], "price": float(row["price"])} for row in csv.DictReader(file)
    ]
with open("/app/items.json", "w") as file:
    json.dump(items, file, indent=2)
END
