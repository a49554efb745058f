#!/usr/bin/env bash
# Replaces two servers behind nginx, one after the other and again and again, while many callers call. Goal: no call fails.
#
# Needs nginx (Debian: apt-get install nginx-light) and what `dotnet build -c Release` made; SERVER and BENCHMARKS name other programs.
# CALLS and CALLERS are how many. QDRANT_URL is where memories are kept; without it both servers use one folder.
set -euo pipefail
cd "$(dirname "$0")/.."

server=${SERVER:-McpQdrant.Server/bin/Release/net10.0/mcp-server-qdrant}
benchmarks=${BENCHMARKS:-McpQdrant.Benchmarks/bin/Release/net10.0/McpQdrant.Benchmarks}
port=${PORT:-18080}
work=$(mktemp -d)
chmod 711 "$work" # nginx runs its workers as another user, and keeps long bodies here.
declare -A running=()

# shellcheck disable=SC2317,SC2329  # the trap calls it
cleanup() {
  if [ -f "$work/nginx.pid" ]; then kill "$(cat "$work/nginx.pid")" || true; fi
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

MCP_API_KEY=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export MCP_API_KEY MCP_RATE_LIMIT=0 MCP_SHUTDOWN_DELAY=${MCP_SHUTDOWN_DELAY:-1s} MCP_SHUTDOWN_TIMEOUT=20s FASTMCP_LOG_LEVEL=ERROR
[ -n "${QDRANT_URL:-}" ] || export QDRANT_LOCAL_PATH=$work/memories

# As docs/scaling.md has it.
cat > "$work/nginx.conf" <<NGINX
worker_processes 1;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  client_max_body_size 16m;
  upstream memory {
    server 127.0.0.1:$((port + 1)) max_fails=0;
    server 127.0.0.1:$((port + 2)) max_fails=0;
    keepalive 32;
  }
  server {
    listen 127.0.0.1:$port;
    location / {
      proxy_pass http://memory;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$host;
      proxy_buffering off;
      proxy_next_upstream ${NEXT_UPSTREAM:-error timeout http_502 http_503 non_idempotent};
    }
  }
}
NGINX

# start NUMBER: starts a server, and waits until it is ready.
start() {
  "$server" --transport http --host 127.0.0.1 --port $((port + $1)) > "$work/server-$1.log" 2>&1 &
  running[$1]=$!
  until curl --silent --fail --output /dev/null "http://127.0.0.1:$((port + $1))/health"; do
    kill -0 "${running[$1]}" || { cat "$work/server-$1.log" >&2; exit 1; }
    sleep 0.1
  done
}

start 1
start 2
nginx -c "$work/nginx.conf" -e "$work/nginx.log"

"$benchmarks" calls --url "http://127.0.0.1:$port/mcp" --calls "${CALLS:-20000}" --callers "${CALLERS:-16}" &
load=$!
replaced=0
while kill -0 $load 2>/dev/null; do
  number=$((replaced % 2 + 1))
  kill -TERM "${running[$number]}"
  wait "${running[$number]}" || { echo "Server $number ended with $?." >&2; exit 1; }
  start "$number"
  replaced=$((replaced + 1))
done
wait $load && result=0 || result=$?
echo "$replaced servers were replaced meanwhile."
exit "$result"
