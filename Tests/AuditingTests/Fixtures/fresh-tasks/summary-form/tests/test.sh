#!/bin/bash

score=1
for name in requests errors slowest pages; do
  grep -Eq "^$name: [0-9]+$" /app/summary.txt || score=0
done
echo "$score" > /logs/verifier/reward.txt
