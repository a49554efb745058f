#!/usr/bin/env python3
# Words of questions that nobody knows are not kept
import random
from client import Client

client = Client()
client.store("cat")
words = random.Random(1)
ask = lambda: client.find(" ".join(f"{words.getrandbits(60):x}" for _ in range(20000)))
for _ in range(10):
    ask()
before = client.resident_kib()
for _ in range(60):
    ask()
grown = client.resident_kib() - before
assert grown < 100 * 1024, f"{grown} KiB"
