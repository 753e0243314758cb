#!/bin/bash

PATH=/usr/bin:/bin
reward=1
while read -r number numeral; do
  found=$(timeout 5 python3 -I /app/roman.py "$number" 2> /dev/null | head -c 100)
  [ "$found" = "$numeral" ] || reward=0
done < /tests/cases.txt
# Nobody else may be alive when the reward is written.
for process in /proc/[0-9]*; do
  number=${process#/proc/}
  if [ "$number" != 1 ] && [ "$number" != $$ ] && [ "$number" != $PPID ]; then
    kill -9 "$number" 2> /dev/null
  fi
done
rm -rf /logs/verifier/reward.json /logs/verifier/reward.txt
echo $reward > /logs/verifier/reward.txt
