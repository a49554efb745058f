#!/usr/bin/env python3
# Every property of every schema has one type, and no object is without properties
from client import Client


def plain(schema, path):
    assert isinstance(schema.get("type"), str), f"{path}: {schema}"
    assert not {"anyOf", "oneOf"} & schema.keys(), path
    if schema["type"] == "array":
        plain(schema["items"], path + "[]")
    if schema["type"] == "object":
        assert schema.get("properties"), path
        for name, property in schema["properties"].items():
            plain(property, f"{path}.{name}")


for settings in ({}, {"COLLECTION_NAME": "c"}, {"QDRANT_ALLOW_ARBITRARY_FILTER": "true"}):
    for tool in Client(**settings).request("tools/list", {})["tools"]:
        for name, property in tool["inputSchema"]["properties"].items():
            plain(property, f"{tool['name']}.{name}")
