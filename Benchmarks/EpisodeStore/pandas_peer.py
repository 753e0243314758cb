"""The matrix of a store with pandas: the same rows, the same counts.

    python pandas_peer.py FOLDER

"matrix s" reads the columns that it needs from SQLite and counts; "matrix in memory s" counts only, with the rows in a
data frame already.
"""

import json
import resource
import sqlite3
import sys
import time

import pandas

database = sqlite3.connect(f"file:{sys.argv[1]}/run.sqlite?mode=ro", uri=True)
start = time.perf_counter()
bits = dict(database.execute("SELECT name, bit FROM predicate"))
rows = pandas.read_sql("SELECT cell_id, variant, applies, holds FROM episode", database)
read = time.perf_counter()
for name, bit in bits.items():
    rows[name] = (rows["holds"].to_numpy() >> bit) & 1
matrix = rows.groupby("cell_id")[list(bits)].agg(["sum", "size"])
counted = time.perf_counter()
matrix = rows.groupby("cell_id")[list(bits)].agg(["sum", "size"])
again = time.perf_counter()
prompts = rows.groupby(["cell_id", "variant"])[list(bits)].sum()
done = time.perf_counter()
print(json.dumps({
    "episodes": len(rows),
    "matrix s": counted - start,
    "matrix in memory s": again - counted,
    "by prompt s": done - again,
    "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))
