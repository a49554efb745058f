#!/usr/bin/env bash
# What the door can't check is not served: byte-order marks and other charsets
set -euo pipefail; . scripts/faults/lib.sh
serve
TWICE='{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"ping"}'
printf '\xef\xbb\xbf%s' "$TWICE" >"$work/bom"
printf '%s' "$TWICE" | iconv -t UTF-16LE >"$work/utf16"
matches "$(post -H 'Content-Type: application/json' --data-binary "$TWICE" "$URL/mcp")" "the key .*method.* twice.* 400$"
matches "$(post -H 'Content-Type: application/json' --data-binary "@$work/bom" "$URL/mcp")" "the key .*method.* twice.* 400$"
matches "$(post -H 'Content-Type: application/json; charset=utf-16' --data-binary "@$work/utf16" "$URL/mcp" | tr -d '\0')" ' 400$'
