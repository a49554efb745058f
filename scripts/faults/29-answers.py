#!/usr/bin/env python3
# Text and structure of an answer say the same: ids, times, and the sentence
from client import Client, contains, equal, lacks

client = Client()
id = client.store('a "quoted" <tag> & 日本語', metadata={"k": "</entry>"})
found = client.find("quoted tag")
contains(found.text, f'<entry id="{id}"')
contains(found.text, "stored=")
contains(found.text, found["note"].splitlines()[0])
lacks(found.text, '"k": "</entry>"')
client.begin_call("qdrant-find", {"query": "quoted tag"})
line = client.process.stdout.readline().decode()
contains(line, "日本語")
for escape in ("\\u0022", "\\u0026", "\\u0027", "\\u65e5"):
    lacks(line.lower(), escape)
python = Client(MCP_RESULT_FORMAT="python")
python.store("cat")
contains(python.find("cat").text, "<entry><content>cat</content><metadata></metadata></entry>")
