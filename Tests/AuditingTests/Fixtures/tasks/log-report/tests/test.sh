#!/bin/bash

set -u
python3 /tests/check_report.py > /logs/verifier/check.log 2>&1
if [ $? -eq 0 ]; then reward=1; else reward=0; fi
printf '{"reward": %s}\n' "$reward" > /logs/verifier/reward.json
