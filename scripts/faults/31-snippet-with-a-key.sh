#!/usr/bin/env bash
# the printed snippet has the header of the key, and nothing printed or logged has the key
output=$(mktemp); trap 'kill $server; rm -f "$output"' EXIT
QDRANT_LOCAL_PATH=:memory: MCP_API_KEY=s3cret-key "$SERVER" --transport http --port 0 > "$output" 2>&1 & server=$!
until grep -q "Ctrl-C" "$output"; do kill -0 $server || { cat "$output"; exit 1; }; done
grep -q '"Authorization": "Bearer YOUR_KEY"' "$output" && ! grep -q s3cret-key "$output" || { cat "$output"; exit 1; }
