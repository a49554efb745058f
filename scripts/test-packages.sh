#!/usr/bin/env bash
# The packages as other people's programs use them: packs the libraries to a feed of its own, and in a folder outside the repository
# makes programs of what the packages' pages show. Each is built, run, published as native code, and run again. A line for each check; the
# last one says "N passed, N failed".
#
#   FEED=FOLDER      packages that pack.sh made before
#   SERVER=PROGRAM   the server for programs of McpQdrant.Client; default: the debug build
#   NATIVE=no        leaves native code out, which needs clang and zlib
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
server=${SERVER:-$PWD/McpQdrant.Server/bin/Debug/net10.0/mcp-server-qdrant}
[ -x "$server" ] || { echo "There is no program $server. Build it, or set SERVER." >&2; exit 2; }
case $(uname -s)-$(uname -m) in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  Darwin-arm64) rid=osx-arm64 ;;
  *) echo "There is no package for this platform." >&2; exit 2 ;;
esac

work=$(mktemp -d)
serving=
stop() { [ -z "$serving" ] || { kill "$serving" 2>/dev/null || true; wait "$serving" 2>/dev/null || true; serving=; }; }
trap 'stop; rm -rf "$work"' EXIT

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Nothing that this machine happens to have set.
for name in $(env | sed -n 's/^\(QDRANT_[^=]*\|MCP_[^=]*\|EMBEDDING_[^=]*\|MEMORY_[^=]*\|ConnectionStrings_[^=]*\|COLLECTION_NAME\|OTEL_[^=]*\)=.*/\1/p'); do unset "$name"; done

passed=0 failed=0
# Runs a command; what it prints is shown where it fails: check WHAT COMMAND…
check() {
  if "${@:2}" >"$work/log" 2>&1; then
    passed=$((passed + 1)); echo "ok    $1"
  else
    failed=$((failed + 1)); echo "FAIL  $1"; tail -n 30 "$work/log" | cut -c1-400 | sed 's/^/      /'
  fi
}

# The blocks of one language of a page, one after another: blocks FILE LANGUAGE [NUMBER]
blocks() { awk -v fence="\`\`\`$2" -v wanted="${3:-0}" '$0 == "```" {inside = 0} inside && (!wanted || number == wanted) {print} $0 == fence {inside = 1; number++}' "$1"; }

# Whether what a command prints has the text: prints TEXT COMMAND…
prints() { local output; output=$("${@:2}" 2>&1) || { echo "$output"; return 1; }; grep --quiet --fixed-strings -- "$1" <<<"$output" || { echo "expected $1, got:"; echo "$output"; return 1; }; }

# The server in $work/serving, over HTTP on a free port; ConnectionStrings__memory leads to it.
serve() {
  mkdir -p "$work/serving"
  QDRANT_LOCAL_PATH=$work/serving/$1 MCP_API_KEY=the-key-of-the-packages "$server" --transport http --port 0 >"$work/serving/log" 2>"$work/serving/errors" &
  serving=$!
  local address=
  until address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serving/log" | head -n 1) && [ -n "$address" ]; do
    kill -0 "$serving" || { cat "$work/serving/errors"; exit 1; }
    sleep 0.1
  done
  export ConnectionStrings__memory="Endpoint=$address/mcp;Key=the-key-of-the-packages"
}

# A new console program with packages, whose code is the N-th example of a page: program NAME PAGE N PACKAGE…
program() {
  rm -rf "${work:?}/$1" && mkdir "$work/$1" && cd "$work/$1"
  dotnet new console --no-restore
  for package in "${@:4}"; do dotnet add package "$package"; done
  blocks "$repository/$2" csharp "$3" >Program.cs
  [ -s Program.cs ] || { echo "$2 has no example $3."; return 1; }
  dotnet build -warnaserror
}

# What a program prints as it is built, and as native code: runs NAME TEXT
runs() {
  cd "$work/$1"
  check "$1 runs" prints "$2" dotnet run --no-build
  [ "${NATIVE:-}" != no ] || return 0
  check "$1 is published as native code, without a warning" dotnet publish -r "$rid" -p:PublishAot=true -o "$work/$1/native" -warnaserror
  check "$1 runs as native code" prints "$2" "$work/$1/native/$1"
}

# --- The feed, beside those that the user has. Packages of this repository are never taken from where others were kept before.
feed=${FEED:-$work/feed}
[ -n "${FEED:-}" ] || check "the libraries are packed" scripts/pack.sh "$feed"
kept=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
if compgen -G "$kept/mcpqdrant.*" >/dev/null; then kept=$work/kept; mkdir "$kept"; fi
cat >"$work/nuget.config" <<END
<configuration>
  <packageSources><add key="packed" value="$feed" /></packageSources>
  <config><add key="globalPackagesFolder" value="$work/packages" /></config>
  <fallbackPackageFolders><add key="kept" value="$kept" /></fallbackPackageFolders>
</configuration>
END

# What a package holds: holds PACKAGE
holds() {
  local id files symbols part
  id=$(basename "$1" | sed -E 's/\.[0-9]+\.[0-9]+\.[0-9]+.*//')
  files=$(unzip -Z1 "$1")
  symbols=$(unzip -Z1 "${1%.nupkg}.snupkg")
  for part in README.md LICENSE NOTICE "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
    grep --quiet --line-regexp --fixed-strings "$part" <<<"$files" || { echo "There is no $part in $1."; return 1; }
  done
  while read -r part; do
    grep --quiet --line-regexp --fixed-strings "${part%.dll}.pdb" <<<"$symbols" || { echo "There are no symbols of $part."; return 1; }
  done < <(grep '^lib/.*\.dll$' <<<"$files")
}
for package in "$feed"/*.nupkg; do check "$(basename "$package") has its page, its documentation and its symbols" holds "$package"; done

# --- A memory in the program's own process.
check "the example of McpQdrant.Memory builds" program Remembers McpQdrant.Memory/README.md 1 McpQdrant.Memory
runs Remembers "The signing key rotates every 90 days."

# --- A memory at a server.
serve client
check "the example of McpQdrant.Client over HTTP builds" program Asks McpQdrant.Client/README.md 1 McpQdrant.Client Microsoft.Extensions.Hosting
runs Asks "The signing key rotates every 90 days."
stop
check "the example of McpQdrant.Client over stdio builds" program Starts McpQdrant.Client/README.md 2 McpQdrant.Client
cd "$work/Starts"
check "Starts runs" env PATH="$(dirname "$server"):$PATH" dotnet run --no-build
check "the server that it started kept its memories where it was told to" test -d data

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
