#!/bin/bash

PATH=/usr/bin:/bin
if python3 -I /tests/check.py; then reward=1; else reward=0; fi
rm -rf /logs/verifier/reward.json
echo $reward > /logs/verifier/reward.txt
