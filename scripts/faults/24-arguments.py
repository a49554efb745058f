#!/usr/bin/env python3
# Arguments that clients add or deform are taken where their meaning is certain
from client import Client, contains, equal, lacks

client = Client()
id = client.store("x", toolCallId="call_1")
contains(client.find("x", toolCallId="call_1", random_string="y").text, "There is no argument 'toolCallId', 'random_string'; it was ignored")
assert not client.call("qdrant-collections", random_string="x").failed
equal(client.call("qdrant-update", id=id, metadata='{"k": 1}', replace_metadata="true")["metadata"], {"k": 1})
equal(client.call("qdrant-update", id=id, information="", metadata={"l": 2}, replace_metadata="")["content"], "x")
assert not client.store("5", metadata="") == id
assert not client.call("qdrant-store", information=5, metadata=None).failed
equal(client.find("5").found[0], "5")
other = client.store("y")
equal(client.call("qdrant-forget", ids=f'["{other}"]', filter={}, confirmation="")["deleted"], 1)
equal(client.call("qdrant-forget", ids=id, filter=None, confirmation=None)["deleted"], 1)
