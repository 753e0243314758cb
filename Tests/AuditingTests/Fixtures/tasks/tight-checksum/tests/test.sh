#!/bin/bash

expected=66d261e833276983bf2846ad74394c3114932f14957228191784bc7dc300674a
found=
[ -f /app/digest.txt ] && [ ! -L /app/digest.txt ] && read -r found _ < /app/digest.txt
if [ "$found" = "$expected" ]; then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
