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
started=()
# Starts a program in the background, with what it starts itself: start LOG COMMAND…
start() { set -m; "${@:2}" >"$1" 2>&1 & started+=($!); set +m; }
# Ends what was started last.
stop() { kill -- "-${started[-1]}" 2>/dev/null || true; wait "${started[-1]}" 2>/dev/null || true; unset 'started[-1]'; }
trap 'while [ ${#started[@]} -gt 0 ]; do stop; done; rm -rf "$work"' EXIT

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

# The server over HTTP on a free port; ConnectionStrings__memory leads to it: serve FOLDER
serve() {
  start "$work/server" env QDRANT_LOCAL_PATH="$work/$1" MCP_API_KEY=the-key-of-the-packages "$server" --transport http --port 0
  local address=
  until address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/server" | head -n 1) && [ -n "$address" ]; do
    kill -0 "${started[-1]}" || { cat "$work/server"; exit 1; }
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
serve data-of-the-client
check "the example of McpQdrant.Client over HTTP builds" program Asks McpQdrant.Client/README.md 1 McpQdrant.Client Microsoft.Extensions.Hosting
runs Asks "The signing key rotates every 90 days."
stop
check "the example of McpQdrant.Client over stdio builds" program Starts McpQdrant.Client/README.md 2 McpQdrant.Client
cd "$work/Starts"
check "Starts runs" env PATH="$(dirname "$server"):$PATH" dotnet run --no-build
check "the server that it started kept its memories where it was told to" test -d data

# --- The samples, by the lines of their pages, in a copy that knows nothing of the repository.
mkdir "$work/samples"
for sample in console-agent minimal-api aspire; do
  cp -R "$repository/samples/$sample" "$work/samples/"
  find "$work/samples" -type d \( -name bin -o -name obj \) -prune -exec rm -r {} +
done

# Runs the N-th block of a sample's page, on a port of its own: says SAMPLE N TEXT
says() { cd "$work/samples/$1" && prints "$3" bash -euo pipefail -c "$(blocks README.md sh "$2" | sed "s/linux-x64/$rid/; s/5080/$port/; s/5090/$port/")"; }

# A program that answers over HTTP, until stop: answering COMMAND…
answering() {
  start "$work/answering" "$@"
  for _ in $(seq 1200); do
    if curl -s -o "$work/probe" "http://localhost:$port/"; then return; fi
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/answering"; return 1
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

port=$(free_port)
check "console-agent remembers across runs" says console-agent 1 "You told me: My dog is called Rex."
[ "${NATIVE:-}" = no ] || check "console-agent remembers as native code" says console-agent 2 "You told me: My dog is called Rex."

check "minimal-api builds" dotnet build "$work/samples/minimal-api"
cd "$work/samples/minimal-api"
check "minimal-api starts" answering dotnet run --no-build --urls "http://localhost:$port"
check "minimal-api finds a note by its meaning" says minimal-api 2 "The signing key rotates every 90 days."
stop
if [ "${NATIVE:-}" != no ]; then
  check "minimal-api is published as native code" dotnet publish -r "$rid" -p:PublishAot=true -o native -warnaserror
  check "minimal-api starts as native code" answering native/MinimalApi --urls "http://localhost:$port"
  check "minimal-api finds the note as native code" says minimal-api 2 "The signing key rotates every 90 days."
  stop
fi

cd "$work/samples/aspire"
check "aspire builds" dotnet build AppHost
check "aspire is composed of Qdrant, the server and the agent" prints '"ConnectionStrings__memory": "{memory.connectionString}"' \
  bash -c "dotnet run --no-build --no-launch-profile --project AppHost -- --publisher manifest --output-path $work/manifest.json && cat $work/manifest.json"
serve data-of-aspire
check "the agent of aspire starts" answering dotnet run --no-build --no-launch-profile --project Agent --urls "http://localhost:$port"
check "the agent of aspire remembers" says aspire 2 "You told me: My dog is called Rex."
stop
if [ "${NATIVE:-}" != no ]; then
  check "the agent of aspire is published as native code" dotnet publish Agent -r "$rid" -p:PublishAot=true -o native -warnaserror
  check "the agent of aspire starts as native code" answering native/Agent --urls "http://localhost:$port"
  check "the agent of aspire remembers as native code" says aspire 2 "You told me: My dog is called Rex."
  stop
fi
stop

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
