#!/usr/bin/env bash
# Makes the keys that the compose files mount as files, in ./secrets or the folder given. Keys that are there stay.
#
#   mcp_api_key      what clients of the server send
#   qdrant_api_key   what the server sends to Qdrant
#   qdrant.yaml      the same key, as Qdrant reads it
#
# The folder is for its owner alone. The files in it are readable, because the engines mount them with the owner they
# have here, which is nobody that a container knows.
set -euo pipefail
folder=${1:-$(dirname "$0")/../secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

random_key() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
for name in mcp_api_key qdrant_api_key; do
  [ -s "$name" ] || random_key >"$name"
done
printf 'service:\n  api_key: %s\n' "$(cat qdrant_api_key)" >qdrant.yaml
chmod 644 mcp_api_key qdrant_api_key qdrant.yaml
echo "The keys are in $PWD. Clients send the one in mcp_api_key, as 'Authorization: Bearer KEY'."
