#!/usr/bin/env python3
# An answer has a bound: a memory of 1 MB is shown by its beginning, and how to read the rest is told
import json
from client import Client, contains

client = Client()
client.store("x" * 1_000_000)
client.begin_call("qdrant-store", {"information": "y" * 1_000_000})
assert len(json.dumps(client.read())) < 250_000
client.begin_call("qdrant-find", {"query": "anything"})
answer = client.read()
assert len(json.dumps(answer)) < 250_000, len(json.dumps(answer))
contains(json.dumps(answer), "memory://c/")
