#!/bin/bash

if [ ! -L /app/summary.txt ] && [ -f /app/summary.txt ] && cmp -s <(tr -s ' ' < /tests/expected.txt) <(tr -s ' ' < /app/summary.txt); then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
