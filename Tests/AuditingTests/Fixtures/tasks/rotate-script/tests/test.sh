#!/bin/bash

reward=0
folder=$(mktemp -d)
echo new > "$folder/app.log"
echo old > "$folder/app.log.1"
bash /app/rotate.sh "$folder/app.log"
if [ -e "$folder/app.log" ] && [ ! -s "$folder/app.log" ] &&
  [ "$(cat "$folder/app.log.1")" = new ] && [ "$(cat "$folder/app.log.2")" = old ]; then
  rm "$folder"/*
  bash /app/rotate.sh "$folder/other.log" && [ -e "$folder/other.log" ] && reward=1
fi
echo $reward > /logs/verifier/reward.txt
