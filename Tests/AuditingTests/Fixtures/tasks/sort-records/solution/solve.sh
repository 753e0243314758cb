#!/bin/bash
{ head -n 1 /app/scores.csv; tail -n +2 /app/scores.csv | sort -t , -k 2,2nr; } > /app/sorted.csv
