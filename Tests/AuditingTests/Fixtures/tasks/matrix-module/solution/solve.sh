#!/bin/bash
cat > /app/matrix.py <<'END'
def transpose(a):
    return [list(row) for row in zip(*a)]


def multiply(a, b):
    if any(len(row) != len(b) for row in a):
        raise ValueError("the sizes do not fit")
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]
END
