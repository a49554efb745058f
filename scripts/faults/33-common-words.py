#!/usr/bin/env python3
# Words that are common weigh in the embedded store as they do in Qdrant
from client import Client, equal

client = Client(QDRANT_SEARCH_MODE="keyword")
for text in ("atlas deploy runs at night", "atlas atlas", "deploy the atlas", "atlas is a project with a rather long description that goes on"):
    client.store(text)
assert set(client.find("atlas deploy").found[:2]) == {"atlas deploy runs at night", "deploy the atlas"}
assert len(client.find("atlas").found) == 4
