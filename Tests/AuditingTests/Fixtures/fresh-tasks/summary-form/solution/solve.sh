#!/bin/bash
cd /app
{
  echo "requests: $(wc -l < access.log)"
  echo "errors: $(awk '$4 >= 400' access.log | wc -l)"
  echo "slowest: $(awk '{ print $5 + 0 }' access.log | sort -n | tail -n 1)"
  echo "pages: $(awk '{ print $3 }' access.log | sort -u | wc -l)"
} > summary.txt
