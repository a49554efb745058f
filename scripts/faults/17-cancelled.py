#!/usr/bin/env python3
# Requests that were cancelled are forgotten: the next ones are as fast
import time
from client import Client

client = Client()
client.store("cat")


def ping():
    begun = time.monotonic()
    for _ in range(200):
        client.request("ping", {})
    return time.monotonic() - begun


before = ping()
for _ in range(20000):
    client.last += 1
    client.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": client.last}})
client.find("cat")
memory = client.resident_kib()
after = ping()
assert after < 5 * before + 1, f"{before:.2f} s before, {after:.2f} s after"
