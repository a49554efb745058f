#!/usr/bin/env python3
# Many collections in one file slow nobody down, and change no schema
import time
from client import Client, folder

where = folder()
creator, finder = Client(where), Client(where)
finder.store("cat")
slowest = 0
for number in range(300):
    creator.begin_call("qdrant-store", {"information": f"note {number}", "collection_name": f"many-{number}"})
    begun = time.monotonic()
    said = finder.find("cat")
    assert not said.failed, said.text
    slowest = max(slowest, time.monotonic() - begun)
    assert not creator.read().get("isError")
assert slowest < 5, f"{slowest:.1f} s"
