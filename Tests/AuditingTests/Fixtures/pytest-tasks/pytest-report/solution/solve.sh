#!/bin/bash
cd /app
python3 - <<'END'
import collections
import json

rows = [line.split() for line in open("access.log")]
spent = collections.Counter()
for _, path, _, milliseconds in rows:
    spent[path] += int(milliseconds)
errors = sum(int(status) >= 500 for _, _, status, _ in rows)
json.dump({"requests": len(rows), "errors": errors, "slowest": spent.most_common(1)[0][0]}, open("report.json", "w"))
END
