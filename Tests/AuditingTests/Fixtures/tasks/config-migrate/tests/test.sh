#!/bin/bash

echo 1 > /logs/verifier/reward.txt
for file in /app/*.json; do
  [ -e "$file" ] || continue
  python3 -I /tests/compare.py "$file" || echo 0 > /logs/verifier/reward.txt
done
