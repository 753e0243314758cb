#!/bin/bash
cd /app
python3 - <<'END'
import collections

maze = open("maze.txt").read().splitlines()
places = {(y, x): c for y, line in enumerate(maze) for x, c in enumerate(line)}
start, end = (next(place for place in places if places[place] == c) for c in "SE")
queue, steps = collections.deque([start]), {start: 0}
while queue:
    y, x = queue.popleft()
    for place in [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]:
        if places.get(place, "#") != "#" and place not in steps:
            steps[place] = steps[y, x] + 1
            queue.append(place)
print(steps[end], file=open("steps.txt", "w"))
END
