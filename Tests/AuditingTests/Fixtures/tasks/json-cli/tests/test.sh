#!/bin/bash

check() {
  expected=$1
  shift
  [ "$(python3 /app/calc.py "$@" | tr -d ' ')" = "$expected" ]
}

if check '{"result":5}' add 2 3 && check '{"result":-4}' sub 3 7 && check '{"result":42}' mul 6 7; then
  python3 /app/calc.py div 1 2
  if [ $? -eq 2 ]; then echo 1; else echo 0; fi > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
