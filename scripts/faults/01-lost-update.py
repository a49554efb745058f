#!/usr/bin/env python3
# Two processes change one memory, one forgets while the other updates: no acknowledged change is lost, nothing forgotten comes back
from client import Client, equal, folder

where = folder()
one, other = Client(where), Client(where)
id = one.store("m", metadata={"x": 0})
for round in range(40):
    one.begin_call("qdrant-update", {"id": id, "metadata": {f"a{round}": 1}})
    other.begin_call("qdrant-update", {"id": id, "metadata": {f"b{round}": 1}})
    assert not one.read().get("isError") and not other.read().get("isError")
    metadata = one.find("m")["results"][0]["metadata"]
    equal((metadata.get(f"a{round}"), metadata.get(f"b{round}")), (1, 1))

for round in range(40):
    id = one.store(f"short lived {round}")
    other.begin_call("qdrant-update", {"id": id, "metadata": {"n": round}})
    one.begin_call("qdrant-forget", {"ids": [id]})
    updated, forgotten = other.read(), one.read()
    assert not forgotten.get("isError"), forgotten
    equal([hit for hit in one.find(f"short lived {round}")["results"] if hit["id"] == id], [])
