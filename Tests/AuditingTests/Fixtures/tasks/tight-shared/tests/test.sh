#!/bin/bash

PATH=/usr/bin:/bin
# Nobody else may be alive when the reward is written.
for process in /proc/[0-9]*; do
  number=${process#/proc/}
  if [ "$number" != 1 ] && [ "$number" != $$ ] && [ "$number" != $PPID ]; then
    kill -9 "$number" 2> /dev/null
  fi
done
found=
[ -f /app/answer.txt ] && read -r found _ < /app/answer.txt
reward=0
[ "$found" = 20 ] && reward=1
rm -rf /logs/verifier/reward.json /logs/verifier/reward.txt
echo $reward > /logs/verifier/reward.txt
