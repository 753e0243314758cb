#!/bin/bash
python3 - <<'END'
import heapq
import json

edges = {}
with open("/app/edges.csv") as file:
    for line in file:
        start, end, length = map(int, line.split(","))
        edges.setdefault(start, []).append((end, length))
distances, queue = {0: 0}, [(0, 0)]
while queue:
    distance, node = heapq.heappop(queue)
    for neighbour, length in edges.get(node, []):
        if distance + length < distances.get(neighbour, float("inf")):
            distances[neighbour] = distance + length
            heapq.heappush(queue, (distance + length, neighbour))
with open("/app/distances.json", "w") as file:
    json.dump(distances, file)
END
