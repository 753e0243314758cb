#!/bin/bash
grep -rh '^payload:' /app/data | cut -d : -f 2 | base64 -d | base64 -d > /app/secret.txt
