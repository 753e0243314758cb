import csv
import sys

with open("/tests/parcels.csv", newline="") as file:
    wanted = {row["name"]: 2 * int(row["kg"]) + 0.01 * int(row["km"]) for row in csv.DictReader(file)}
with open("/app/prices.csv", newline="") as file:
    found = {row["name"]: float(row["price"]) for row in csv.DictReader(file)}
good = found.keys() == wanted.keys() and all(abs(found[name] - wanted[name]) < 0.006 for name in wanted)
sys.exit(0 if good else "the prices differ")
