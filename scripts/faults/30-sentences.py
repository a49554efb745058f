#!/usr/bin/env python3
# What a model can act on: the nearest collection, unknown ids, what was there, metadata keys, short echoes
from client import Client, contains, equal, lacks

client = Client(QDRANT_ALLOW_ARBITRARY_FILTER="true")
id = client.store("cat", metadata={"kind": "pet"}, collection_name="projects")
missing = client.find("cat", collection_name="project")
contains(missing.text, "'projects'")
contains(missing["note"], "'projects'")
contains(client.call("qdrant-forget", ids=["00000000-0000-0000-0000-000000000001"], collection_name="projects").text, "no such memory")
contains(client.call("qdrant-store", information="cat", metadata={"kind": "pet"}, collection_name="projects").text, "already")
contains(client.find("cat", collection_name="projects", query_filter={"must": [{"key": "kind", "match": {"value": "pet"}}]}).text, "'metadata.kind'")
assert len(client.find("word " * 12000, collection_name="projects").text) < 5000
for tool in client.request("tools/list", {})["tools"]:
    if tool["name"] != "qdrant-store":
        lacks(str(tool), "A new name makes a new collection")
