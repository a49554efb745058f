#!/usr/bin/env python3
# The guard against near-duplicates refuses only what it has read whole and whose words agree
from client import Client

client = Client(MEMORY_DUPLICATE_THRESHOLD="0.95")
long = "The quarterly report says that all is well in the north and in the south. " * 40
for one, other in (
    ("The meeting is at 15:30 in room 4.", "The meeting is at 15:30 in room 5."),
    ("The build is green.", "The build is not green."),
    (long + "The key is in the safe.", long + "The key is with Anna."),
    ("😀", "😢"), ("แมวนอนหลับ", "หมาวิ่งเร็ว"),
    ("The rent is 1,000 euros.", "The rent is 1,001 euros."), ("Never deploy on Fridays.", "Always deploy on Fridays."),
):
    for text in (one, other):
        said = client.call("qdrant-store", information=text)
        assert not said.failed and said["created"], said.text
assert not client.call("qdrant-store", information="The meeting is at 15:30 in room 4!").structure.get("created", False)
