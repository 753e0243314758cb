#!/bin/bash

# The header and thirty rows.
if [ "$(wc -l < /app/sorted.csv)" -eq 31 ] && head -n 1 /app/sorted.csv | grep -q '^id,score'; then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
