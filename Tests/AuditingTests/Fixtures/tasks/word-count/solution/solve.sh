#!/bin/bash
cat > /app/wordcount.py <<'END'
import re
from collections import Counter


def count_words(text):
    return dict(Counter(re.findall(r"[a-z]+", text.lower())))
END
