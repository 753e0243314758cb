#!/bin/bash

reward=0
python3 /app/validate.py /tests/good.json
if [ $? -eq 0 ]; then reward=1; fi
python3 /app/validate.py /tests/bad.json
if [ $? -eq 1 ]; then reward=1; fi
rm -f /logs/verifier/reward.json
echo $reward > /logs/verifier/reward.txt
