#!/bin/bash
cat > /app/roman.py <<'END'
import sys

NUMERALS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]
number, text = int(sys.argv[1]), ""
for value, numeral in NUMERALS:
    while number >= value:
        number, text = number - value, text + numeral
print(text)
END
