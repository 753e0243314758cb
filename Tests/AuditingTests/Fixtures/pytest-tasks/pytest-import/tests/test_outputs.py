import random
import sys

sys.path.insert(0, "/app")

from ranges import merge


def by_points(ranges):
    """The same by marking every half point."""
    points = {point for start, end in ranges for point in range(2 * start, 2 * end + 1)}
    starts = sorted(point for point in points if point - 1 not in points)
    ends = sorted(point for point in points if point + 1 not in points)
    return [(start // 2, end // 2) for start, end in zip(starts, ends)]


def test_example():
    assert merge([(5, 7), (1, 3), (3, 4)]) == [(1, 4), (5, 7)]


def test_empty():
    assert merge([]) == []


def test_many():
    chance = random.Random(5)
    for _ in range(200):
        ranges = []
        for _ in range(chance.randint(1, 8)):
            start = chance.randint(0, 40)
            ranges.append((start, start + chance.randint(1, 9)))
        assert merge(ranges) == by_points(ranges)
