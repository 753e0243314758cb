#!/bin/bash
sha256sum /app/archive.bin | cut -d ' ' -f 1 > /app/digest.txt
