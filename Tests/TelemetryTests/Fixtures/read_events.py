"""Reads a run's folder with TensorBoard's own reader, before and after a restart, and prints what it shows.

    python read_events.py BEFORE AFTER        # two states of the same folder

The reader sees the first state, then the folder changes into the second under its eyes, as it does for a TensorBoard
that watches. Printed as JSON: {tag: [[step, value as text, time], ...]}.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def scalars(reader):
    return {
        tag: [[event.step, repr(event.value), event.wall_time] for event in reader.Scalars(tag)]
        for tag in reader.Tags()["scalars"]
    }


def main(before, after):
    with tempfile.TemporaryDirectory() as folder:
        watched = Path(folder, "run")
        shutil.copytree(before, watched)
        reader = EventAccumulator(str(watched), size_guidance={"scalars": 0}).Reload()
        first = scalars(reader)
        shutil.copytree(after, watched, dirs_exist_ok=True)
        reader.Reload()
        print(json.dumps({"before": first, "after": scalars(reader)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
