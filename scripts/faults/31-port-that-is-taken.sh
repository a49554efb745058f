#!/usr/bin/env bash
# a port that is taken is told in one sentence, without stack traces
port=$((20000 + RANDOM % 20000))
python3 -c "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', $port)); s.listen(); time.sleep(60)" & taker=$!
trap 'kill $taker' EXIT
until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do kill -0 $taker || exit 1; done
errors=$(QDRANT_LOCAL_PATH=:memory: "$SERVER" --transport http --port $port 2>&1); code=$?
[ $code = 1 ] && [ "$errors" = "Port $port on 127.0.0.1 is taken. Choose another one with --port." ] || { echo "$errors"; exit 1; }
