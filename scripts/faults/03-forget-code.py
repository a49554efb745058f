#!/usr/bin/env python3
# A forget code deletes what was shown, and nothing that was changed or came since
from client import Client, contains, equal

done = {"must": [{"key": "metadata.done", "match": {"value": True}}]}
client = Client()
id = client.store("cat", metadata={"done": True})
code = client.call("qdrant-forget", filter=done)["confirmation"]
client.call("qdrant-update", id=id, metadata={"kept": True})
said = client.call("qdrant-forget", confirmation=code)
assert said.failed, said.text
contains(said.text, "Nothing was deleted")
equal(client.find("cat").found, ["cat"])
code = client.call("qdrant-forget", filter=done)["confirmation"]
client.store("dog", metadata={"done": True})
assert client.call("qdrant-forget", confirmation=code).failed
code = client.call("qdrant-forget", filter=done)["confirmation"]
equal(client.call("qdrant-forget", confirmation=code, filter=done)["deleted"], 2)
