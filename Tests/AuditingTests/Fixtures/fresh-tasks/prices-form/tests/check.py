import csv
import sys

with open("/app/prices.csv", newline="") as file:
    rows = list(csv.DictReader(file))
assert len(rows) == 15, "fifteen parcels"
for row in rows:
    assert list(row) == ["name", "price"], "two columns"
    assert row["name"].startswith("parcel "), "a name"
    assert float(row["price"]) > 0, "a price"
sys.exit(0)
