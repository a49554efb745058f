#!/usr/bin/env bash
# without a home memories are not kept in the working directory
[ "$(id -u)" = 0 ] || exit 0   # only root can become a user without a home
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; chmod 777 "$folder"; cd "$folder" || exit 1
output=$(setpriv --reuid=61234 --regid=61234 --clear-groups env -u HOME -u XDG_DATA_HOME "$SERVER" </dev/null 2>&1); code=$?
[ $code = 2 ] && grep -q "HOME is not set.*Set QDRANT_LOCAL_PATH" <<< "$output" && [ -z "$(ls)" ] || { echo "code $code"; echo "$output"; ls; exit 1; }
