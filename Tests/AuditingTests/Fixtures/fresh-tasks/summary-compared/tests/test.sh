#!/bin/bash

if diff -b /tests/expected.txt /app/summary.txt; then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
