# shellcheck shell=bash disable=SC2034,SC2154  # for those that read this file; the trap has a variable of its own
# Functions for the faults. What a fault starts ends with it.
work=$(mktemp -d)
servers=()
trap 'for each in "${servers[@]}"; do kill "$each" 2>/dev/null || true; wait "$each" 2>/dev/null || true; done; rm -rf "$work"' EXIT
unset QDRANT_URL QDRANT_API_KEY
export QDRANT_LOCAL_PATH=${QDRANT_LOCAL_PATH:-:memory:}

PING='{"jsonrpc":"2.0","id":1,"method":"ping"}'

# The answers to lines of a file, or of standard input.
stdio() { timeout 60 "$SERVER" <"${1:-/dev/stdin}" 2>"$work/errors"; }

# Starts a server over HTTP (or as TRANSPORT says) on a free port, with variables as given; its address is in $URL.
# [TRANSPORT=sse] serve [NAME=VALUE…]
serve() {
  local log=$work/server.${#servers[@]}

  env "$@" "$SERVER" --transport "${TRANSPORT:-http}" --port 0 >"$log" 2>"$log.errors" &
  servers+=($!)
  for _ in $(seq 600); do
    URL=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1 || true)
    [ -n "$URL" ] && return
    kill -0 "${servers[-1]}" || { cat "$log.errors"; return 1; }
    sleep 0.1
  done
  echo "The server did not start."; return 1
}

# Posts a message, or what else curl is told to; prints the body, a space and the status.
post() { curl -s -m 60 -w ' %{http_code}' -H 'Accept: application/json, text/event-stream' "$@"; }

# A stand-in for a server that ours asks; it ends with the fault. What it was asked: asked NAME. Its port is in $port.
# stand_in NAME KIND [URL]
stand_in() {
  python3 scripts/faults/stand-in.py "${@:2}" >"$work/$1" 2>&1 &
  servers+=($!)
  until port=$(head -n 1 "$work/$1" 2>/dev/null) && [ -n "$port" ]; do kill -0 "${servers[-1]}" || { cat "$work/$1"; return 1; }; sleep 0.05; done
}

asked() { tail -n +2 "$work/$1"; }

# A session over stdio: each argument is a message after those that open it. What was answered: $answers.
session() {
  { echo "$INITIALIZE"; printf '%s\n' "$@"; } | stdio >"$work/answers" || { cat "$work/errors"; return 1; }
  answers=$(cat "$work/answers")
}

INITIALIZE='{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"me","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}'

# The message of a call: ID TOOL ARGUMENTS.
call() { echo "{\"jsonrpc\":\"2.0\",\"id\":$1,\"method\":\"tools/call\",\"params\":{\"name\":\"$2\",\"arguments\":$3}}"; }

# The answer under an id.
answer() { grep "\"id\":$1" <<<"$answers" || { echo "no answer under $1: ${answers:0:300}"; return 1; }; }

# Fails with the text where it doesn't match the pattern.
matches() { grep -qE -- "$2" <<<"$1" || { echo "expected $2, got: ${1:0:300}"; return 1; }; }
lacks() { ! grep -qE -- "$2" <<<"$1" || { echo "not expected $2, got: ${1:0:300}"; return 1; }; }
