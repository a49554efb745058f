#!/usr/bin/env bash
# Runs the official MCP conformance suite against the real server over HTTP, for the newest two versions of the protocol.
# Scenarios that ask for a fixture server (tools named test_…) are in conformance/expected-failures*.yml, with the reason.
#
#   scripts/conformance.sh [SCENARIO]     one scenario, or all
#
# Needs the .NET SDK and npm (which brings the Node.js that the suite wants).
set -euo pipefail
cd "$(dirname "$0")/.."

npm install --prefix scripts/conformance --no-package-lock --silent --no-audit --no-fund
dotnet build McpQdrant.Server -c Release --nologo -v q
node=scripts/conformance/node_modules/.bin/node
suite=scripts/conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js

data=$(mktemp -d)
log=$data/server.log
QDRANT_LOCAL_PATH=$data McpQdrant.Server/bin/Release/net10.0/mcp-server-qdrant --transport http --port 0 >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$data"' EXIT

url=
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/mcp' "$log" | head -n 1 || true)
  [ -n "$url" ] && break
  kill -0 $server || { cat "$log"; exit 1; }
  sleep 0.1
done

# A scenario can be of several versions; each is run as each.
for version in 2025-11-25 2026-07-28; do
  if [ $# -gt 0 ]; then
    "$node" "$suite" server --url "$url" --scenario "$1" --spec-version "$version" -o "$data/$version"
  else
    cat scripts/conformance/expected-failures.yml >"$data/expected-$version.yml"
    [ ! -f "scripts/conformance/more-failures-$version.txt" ] || cat "scripts/conformance/more-failures-$version.txt" >>"$data/expected-$version.yml"
    "$node" "$suite" server --url "$url" --suite all --spec-version "$version" --expected-failures "$data/expected-$version.yml" -o "$data/$version"
  fi
done

# In one expected failure most can be tested; that part must pass.
"$node" - "$data"/*/*server-stateless*/checks.json <<'NODE'
const failed = process.argv.slice(2)
  .flatMap(file => JSON.parse(require("fs").readFileSync(file)))
  .filter(check => check.status === "FAILURE" && !check.errorMessage.startsWith("Not testable"));
failed.forEach(check => console.log(`${check.id}: ${check.errorMessage}`));
process.exitCode = failed.length === 0 ? 0 : 1;
NODE
