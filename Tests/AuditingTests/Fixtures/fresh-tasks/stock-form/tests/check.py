import json
import sys

with open("/app/reorder.json") as file:
    rows = json.load(file)
good = isinstance(rows, list) and len(rows) == 6 and all(
    set(row) == {"sku", "colour", "count"}
    and isinstance(row["sku"], str)
    and row["colour"] in ("red", "blue", "green")
    and isinstance(row["count"], int)
    for row in rows
)
sys.exit(0 if good else "the list has another form")
