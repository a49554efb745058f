#!/usr/bin/env bash
# Batches, newer versions, one form of answer, an initialize that says little, and ids of what is refused
set -euo pipefail; . scripts/faults/lib.sh
serve
json() { post -H 'Content-Type: application/json' --data "$1" "$URL/mcp" "${@:2}"; }
matches "$(json "[$PING,{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}]")" '"id":1.* 200$|"id":1'
for version in 2026-07-28 2030-01-01; do
  matches "$(json "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"$version\",\"capabilities\":{}}}")" '"protocolVersion":"2025-11-25"'
done
matches "$(curl -s -w ' %{http_code}' -H 'Accept: application/json' -H 'Content-Type: application/json' --data "$PING" "$URL/mcp")" '^\{"result":\{\},"id":1,"jsonrpc":"2\.0"\} 200$'
matches "$(curl -s -w ' %{http_code}' -H 'Accept: text/event-stream' -H 'Content-Type: application/json' --data "$PING" "$URL/mcp" | tr -d '\n')" '^event: message.* 200$'
matches "$(json '{"jsonrpc":"2.0","id":"mine","method":7}')" '"id":"mine".* 400$'
matches "$(printf '{"jsonrpc":"2.0","id":"mine","method":7}\n' | stdio)" '"id":"mine"'
