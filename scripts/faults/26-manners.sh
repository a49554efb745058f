#!/usr/bin/env bash
# Byte-order marks, charsets, no content type, sessions of before and unknown ones
set -euo pipefail; . scripts/faults/lib.sh
printf '\xef\xbb\xbf{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"case","version":"1"}}}\n' >"$work/bom"
matches "$(stdio "$work/bom")" '"result".*"id":0'
serve
for type in 'application/json; charset="utf-8"' 'application/json; charset=utf8'; do
  matches "$(post -H "Content-Type: $type" --data "$PING" "$URL/mcp")" ' 200$'
done
matches "$(post -H 'Content-Type:' --data "$PING" "$URL/mcp")" '"error".* 415$'
matches "$(post -H 'Mcp-Session-Id: from-before' -H 'Content-Type: application/json' --data "$PING" "$URL/mcp")" ' 200$'
TRANSPORT=sse serve
matches "$(post -H 'Content-Type: application/json' --data "$PING" "$URL/message?sessionId=gone")" '"error".* 404$'
