#!/usr/bin/env python3
# A memory is one memory however its numbers are spelled, and comes back with the numbers that it was stored with
from client import Client, contains, equal

client = Client()
metadata = '{"large": 18446744073709551616, "float": 0.9452706955539223, "one": 1, "small": 1e-7}'
first = client.store("x", metadata=metadata)
for spelling in (metadata, metadata.replace("1e-7", "0.0000001"), metadata.replace('"one": 1,', '"one": 1.0,')):
    equal(client.store("x", metadata=spelling), first)
found = client.find("x").structure["results"]
equal(len(found), 1)
equal(found[0]["metadata"], {"large": 18446744073709551616, "float": 0.9452706955539223, "one": 1, "small": 1e-7})
