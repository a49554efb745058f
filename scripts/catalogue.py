#!/usr/bin/env python3
"""Writes what stands in several places and says the same: links that add the server to a client by one click, and the tools for Docker's catalogue.

    scripts/catalogue.py

puts the links between the marks in README.md and docs/clients.md, and deploy/docker-mcp/tools.json. Needs Python alone.
"""
import base64
import json
import re
import urllib.parse

from package import ROOT

NAME = "memory"
ENTRY = {"command": "npx", "args": ["-y", "mcp-server-qdrant", "--transport", "stdio"]}
MARKS = re.compile(r"(<!-- links: scripts/catalogue\.py -->\n).*?(\n<!-- /links -->)", re.DOTALL)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def links():
    code = urllib.parse.quote(compact({"type": "stdio", **ENTRY}), safe="")
    cursor = urllib.parse.quote(base64.b64encode(compact(ENTRY).encode()).decode(), safe="")
    return (f"[Add to VS Code](https://vscode.dev/redirect/mcp/install?name={NAME}&config={code}) · "
            f"[Add to Cursor](https://cursor.com/en/install-mcp?name={NAME}&config={cursor})")


def tools():
    described = json.loads((ROOT / "McpQdrant.Tests/Server/Mcp/tools-list.json").read_text())
    return [{"name": tool["name"], "description": tool["description"],
             "arguments": [{"name": name, "type": schema.get("type", "string"), "desc": schema.get("description", "")}
                           for name, schema in tool["inputSchema"]["properties"].items()]} for tool in described]


def main():
    for name in ("README.md", "docs/clients.md"):
        path = ROOT / name
        text, count = MARKS.subn(lambda marks: marks[1] + links() + marks[2], path.read_text())
        if count != 1:
            raise SystemExit(f"{name} has no marks for the links, or several.")
        path.write_text(text)
    (ROOT / "deploy/docker-mcp/tools.json").write_text(json.dumps(tools(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
