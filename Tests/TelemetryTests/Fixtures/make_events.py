"""Writes the event file that the Telemetry tests compare byte for byte. tensorboard 2.21.0 was used.

    python make_events.py        # from this folder; writes events.tfevents
"""

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

STEPS = [
    (1, 1.5, {"reward/total": 1.0, "kl": 0.0}),
    (2, 1763721843.25, {"tokens/s": 8123.5, "entropy": 1.25, "kl": -0.0}),
    (300, 2.0, {"explained_variance": float("nan"), "loss": float("inf"), "policy_loss": float("-inf"), "x": 1e-45}),
    (2**40, 3.0, {"a" * 200: 3.4e38, "entropía 🦊": 0.1}),
    (4, 4.0, {}),
]


def scalar(tag, value):
    return summary_pb2.Summary.Value(tag=tag, simple_value=value)


def events():
    yield event_pb2.Event(wall_time=1.5, file_version="brain.Event:2")
    yield event_pb2.Event(
        wall_time=1.5, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
    for step, time, values in STEPS:
        summary = summary_pb2.Summary(value=[scalar(tag, values[tag]) for tag in sorted(values)])
        yield event_pb2.Event(wall_time=time, step=step, summary=summary)


if __name__ == "__main__":
    with open("events.tfevents", "wb") as file:
        writer = RecordWriter(file)
        for event in events():
            writer.write(event.SerializeToString())
        writer.flush()
