"""How long the dashboard takes for a page of a run of a million episodes.

    swift build -c release --product EpisodeStore
    .build/release/EpisodeStore make RUNS/many 1000000
    python3 Benchmarks/dashboard.py .build/release/EpisodeStore RUNS [ROUNDS]

Prints the first time of each page and the median and the longest of ROUNDS more, in milliseconds, from the request to the
last byte of the answer; then how long the search index takes, and the memory of the server.
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
import urllib.parse


def main(program, runs, rounds=21):
    server = subprocess.Popen([program, "serve", runs], stdout=subprocess.PIPE, text=True)
    try:
        entrance = urllib.parse.urlsplit(server.stdout.readline().strip())
        cookie = f"subterfuge-{entrance.port}={entrance.query.split('=')[1]}"
        connection = http.client.HTTPConnection(entrance.hostname, entrance.port)

        def get(path):
            start = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie, "Connection": "keep-alive"})
            body = connection.getresponse().read().decode()
            return (time.perf_counter() - start) * 1000, body

        run = "/runs/many/"
        cold = {"runs": get("/")[0], "run": get(run)[0], "episodes": get(run + "episodes")[0]}
        while "class=\"waiting\"" in get(run)[1] or "Counting" in get(run)[1]:
            time.sleep(0.1)
        start = time.perf_counter()
        while "indexed so far" in get(run + "episodes?q=game")[1]:
            time.sleep(0.5)
        indexing = time.perf_counter() - start

        middle = urllib.parse.quote("exploit_only.5%2Fnudged/flattery/standard/evaluation/300/5")
        episode = re.search(r'<li><a href="([^"]+)"', get(run + "episodes?holding=overwrite")[1]).group(1).replace("&amp;", "&")
        pages = {
            "runs": "/", "run": run, "episodes": run + "episodes",
            "episodes, in the middle": run + f"episodes?after={middle}",
            "episodes, backwards": run + f"episodes?before={middle}",
            "episodes, rare outcome": run + "episodes?holding=overwrite",
            "episodes, two facets": run + "episodes?environment=flattery&holding=gamed",
            "episodes, one seed": run + "episodes?sequence=3&holding=honest",
            "search, in every episode": run + "episodes?q=game",
            "search, with facets": run + "episodes?q=%22last+game%22&environment=tampering&holding=overwrite",
            "search, nothing": run + "episodes?q=zebra",
            "episode": run + episode, "tokens": run + episode.replace("episode?", "tokens?", 1),
            "pair": run + episode.replace("episode?", "pair?", 1),
        }
        for name, path in pages.items():
            first, body = get(path)
            times = [get(path)[0] for _ in range(rounds)]
            print(json.dumps({
                "page": name, "first ms": round(cold.get(name, first), 1), "median ms": round(statistics.median(times), 1),
                "longest ms": round(max(times), 1), "kB": len(body.encode()) // 1000}), flush=True)
        memory = re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{server.pid}/status").read()).group(1)
        print(json.dumps({"indexing s": round(indexing, 1), "peak MiB": int(memory) // 1024}))
    finally:
        server.terminate()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
