#!/usr/bin/env python3
# Listing and previewing large memories takes no more memory than what is shown
from client import Client

client = Client()
for number in range(60):
    client.store(f"{number} " + "x" * 1_000_000, metadata={"large": True})
before = client.resident_kib()
client.call("qdrant-forget", filter={"must": [{"key": "metadata.large", "match": {"value": True}}]})
client.request("resources/read", {"uri": "memory://c"})
grown = client.resident_kib() - before
assert grown < 250 * 1024, f"{grown} KiB"
said = client.call("qdrant-store", information="x", metadata={"a": "y" * 15_000_000})
assert said.failed, said.text
