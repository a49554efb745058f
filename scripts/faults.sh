#!/usr/bin/env bash
# Inputs that once went wrong, each a file of scripts/faults: prints a line each, "NN ok what it shows" or "NN FAIL what it shows", and
# ends with 1 if one failed. SERVER is the program; default: the debug build. Arguments choose files by the start of their names.
#
# A file is a script, NN-name.sh or NN-name.py, whose second line (after "# ") says what it shows; it is ok if it ends with 0.
set -u
cd "$(dirname "$0")/.." || exit 2
export SERVER="${SERVER:-$PWD/McpQdrant.Server/bin/Debug/net10.0/mcp-server-qdrant}"
[ -x "$SERVER" ] || { echo "There is no program $SERVER. Build it, or set SERVER." >&2; exit 2; }

# Nothing that this machine happens to have set.
for name in $(env | sed -n 's/^\(QDRANT_[^=]*\|MCP_[^=]*\|EMBEDDING_[^=]*\|MEMORY_[^=]*\|FASTMCP_[^=]*\|COLLECTION_NAME\|OTEL_[^=]*\)=.*/\1/p'); do unset "$name"; done

failed=0
for file in scripts/faults/[0-9]*; do
  name=$(basename "$file")
  if [ $# -gt 0 ]; then
    chosen=0
    for start in "$@"; do case "$name" in "$start"*) chosen=1 ;; esac; done
    [ $chosen = 1 ] || continue
  fi
  case "$file" in *.py) run=python3 ;; *) run=bash ;; esac
  what=$(sed -n '2s/^# //p' "$file")
  output=$(timeout 300 "$run" "$file" 2>&1 | tr -d '\0'; exit "${PIPESTATUS[0]}"); code=$?
  if [ $code = 0 ]; then
    echo "${name%%-*} ok $what"
  else
    failed=1
    echo "${name%%-*} FAIL $what"
    tail -n 20 <<< "$output" | cut -c1-300 | while IFS= read -r line; do echo "   $line"; done
  fi
done
exit $failed
