#!/usr/bin/env bash
# standard input that is closed, a folder, or for writing alone is told, with a code
cd "$(mktemp -d)" || exit 1
try() { grep -q "Standard" <<< "$1" && grep -q "^code 1$" <<< "$1" || { echo "$1"; exit 1; }; }
export QDRANT_LOCAL_PATH=:memory:
try "$("$SERVER" 2>&1 >/dev/null <&-; echo "code $?")"
try "$("$SERVER" 2>&1 >/dev/null </; echo "code $?")"
try "$("$SERVER" 2>&1 >/dev/null 0>written; echo "code $?")"
