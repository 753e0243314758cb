import csv
import json
import sys

with open("/tests/stock.csv") as file:
    wanted = [{**row, "count": int(row["count"])} for row in csv.DictReader(file) if int(row["count"]) < 20]
with open("/app/reorder.json") as file:
    found = json.load(file)
sys.exit(0 if found == wanted else "the rows differ")
