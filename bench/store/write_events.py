"""TensorBoard's side of bench/store.ts: writes the scalars of a file of float32, tag after tag of each step, with
TensorBoard's own writer of events and the plain values that PyTorch's SummaryWriter gives it (its own summaries cost more).
Prints the microseconds that one of them took, closing included, as JSON."""

import json
import sys
import time
from array import array

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

path, folder, *tags = sys.argv[1:]
values = array("f")
with open(path, "rb") as file:
    values.frombytes(file.read())

start = time.perf_counter()
writer = EventFileWriter(folder)
at = 0
for step in range(len(values) // len(tags)):
    for tag in tags:
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=values[at])])
        writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))
        at += 1
writer.close()
print(json.dumps({"us": 1e6 * (time.perf_counter() - start) / len(values)}))
