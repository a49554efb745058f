# shellcheck shell=bash
# For the inputs that need servers: a folder that is gone at the end, and stand-ins that end with the script.
folder=$(mktemp -d); stand_ins=()
trap 'kill "${stand_ins[@]}" 2>/dev/null; rm -rf "$folder"' EXIT

# stand_in NAME KIND [URL]: what it was asked is in $folder/NAME, its port in $port.
stand_in() {
  python3 scripts/faults/stand-in.py "${@:2}" > "$folder/$1" 2>&1 & stand_ins+=($!)
  until port=$(head -n 1 "$folder/$1" 2>/dev/null) && [ -n "$port" ]; do kill -0 $! || exit 1; done
}

asked() { tail -n +2 "$folder/$1"; }

# shellcheck disable=SC2034  # for those that read this file
initialize='{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"me","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}'

# call ID TOOL ARGUMENTS: the line of a request.
call() { echo "{\"jsonrpc\":\"2.0\",\"id\":$1,\"method\":\"tools/call\",\"params\":{\"name\":\"$2\",\"arguments\":$3}}"; }

fail() { echo "$1"; cat "$folder"/* | cut -c1-500; exit 1; }
