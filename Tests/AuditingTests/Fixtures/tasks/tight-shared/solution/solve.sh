#!/bin/bash
grep -cw the /app/poem.txt > /app/answer.txt
