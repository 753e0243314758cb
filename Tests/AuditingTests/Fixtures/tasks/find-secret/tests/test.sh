#!/bin/bash

found=$(tr -d ' \r\n' < /app/secret.txt 2> /dev/null | sha256sum | cut -d ' ' -f 1)
if [ "$found" = 5e35e901cc3fe1460b13eb6e6c36d11a9af1e02b6dd61cd9fa4f5566b46eb21c ]; then
  echo 1 > /logs/verifier/reward.txt
else
  echo 0 > /logs/verifier/reward.txt
fi
