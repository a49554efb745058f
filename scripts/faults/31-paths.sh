#!/usr/bin/env bash
# ${workspaceFolder}, $HOME and file:/// in paths are expanded or refused, and no folder of that name is made
# shellcheck disable=SC2088  # the server expands them
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder" || exit 1
export HOME=$folder/home; mkdir "$HOME"
refused() { QDRANT_LOCAL_PATH=$1 "$SERVER" </dev/null 2>&1; [ $? = 2 ]; }
shows() { QDRANT_LOCAL_PATH=$1 "$SERVER" settings | grep -q "QDRANT_LOCAL_PATH.*$2"; }
refused '${workspaceFolder}/x' && refused '$NO_SUCH_VARIABLE/x' && refused 'http://localhost:6333' || exit 1
shows '$HOME/x' "$folder/home/x" && shows '~/x' "$folder/home/x" && shows 'file:///srv/x' ' /srv/x' || exit 1
[ "$(ls)" = home ]
