#!/usr/bin/env bash
# Without a key each path says so, with a challenge and a body; what isn't there has a body
set -euo pipefail; . scripts/faults/lib.sh
serve MCP_API_KEY=the-key
for path in mcp register authorize sse; do
  matches "$(curl -si "$URL/$path" | tr -d '\r\n')" '^HTTP/1.1 401.*WWW-Authenticate: Bearer.*\{.*asks who calls'
done
matches "$(post "$URL/.well-known/oauth-authorization-server")" '^\{.* 404$'
matches "$(post -H 'X-API-Key: the-key' "$URL/register")" '^\{.* 404$'
