#!/usr/bin/env bash
# Open streams and a probe that was dropped hinder nobody
set -euo pipefail; . scripts/faults/lib.sh
TRANSPORT=sse serve MCP_CONCURRENT_REQUESTS=3
for _ in 1 2 3; do curl -sN -m 50 "$URL/sse" >/dev/null & servers+=($!); done
curl -s -m 0.001 "$URL/health" >/dev/null || true
matches "$(curl -s -m 20 "$URL/health")" '^Healthy$'
matches "$(post -m 20 -H 'Content-Type: application/json' --data '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}' "$URL/mcp")" '"result".*'
