#!/bin/bash
awk '$1 % 3 == 0 { sum += $1 } END { print sum }' /app/numbers.txt > /app/answer.txt
