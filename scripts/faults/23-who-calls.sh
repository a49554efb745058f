#!/usr/bin/env bash
# Two credentials are refused, reserved names too, and strangers learn no reasons
set -euo pipefail; . scripts/faults/lib.sh
serve MCP_API_KEY=the-key MCP_ALLOW_ANONYMOUS=true QDRANT_LOCAL_PATH= QDRANT_URL=http://127.0.0.1:1 QDRANT_TIMEOUT=1s
matches "$(curl -s "$URL/health")" '^Unhealthy$'
matches "$(curl -s -H 'X-API-Key: the-key' "$URL/health")" '127\.0\.0\.1:1'
matches "$(post -H 'X-API-Key: the-key' -H 'Authorization: Bearer other' -H 'Content-Type: application/json' --data "$PING" "$URL/mcp")" ' 401$'
printf '{"callers": [{"name": "default", "sha256": "%064d", "collections": ["*"], "read": true}]}' 0 >"$work/access.json"
matches "$(MCP_ACCESS_FILE=$work/access.json timeout 60 "$SERVER" --transport http --port 0 2>&1 || true)" "server's own"
