#!/usr/bin/env bash
# Shows that the image works, with real containers. Ends with "N passed, N failed".
#
#   test-containers.sh docker             Docker Engine with buildx and compose
#   test-containers.sh podman             Podman and podman-compose, as whoever calls it
#   test-containers.sh podman-rootless    the same; called by root, as the user $ROOTLESS_USER (default: rootless)
#   test-containers.sh aspire-docker      the AppHost with its dashboard, server and Qdrant, and another app host with the package
#   test-containers.sh aspire-podman      McpQdrant.Hosting and the image; both need the .NET SDK
#   test-containers.sh arm64              cross-builds the image with Podman, and starts it by qemu-user
#
#   --image NAME    tests this image, in place of building one
#   --screenshot FILE    aspire-…: Chromium takes a picture of the dashboard
#   --keep          leaves the images that it built, for the next run
#   -- ARGUMENTS    for the builds by script, for instance -- --network=host
#
# Builds are of the working tree, compose runs in a clone of HEAD. Everything that it made goes at the end: containers, volumes, networks, images.
# Qdrant's image is used where it can be had. Where it can't, the stand-in of the tests takes its place, and the output says so.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,/^set /{/^#/!d;s/^# \{0,1\}//;p}' "$0"; }
fail() { echo "$*" >&2; exit 1; }

mode=${1:-}
[ $# -gt 0 ] && shift
case $mode in
  docker | aspire-docker) engine=docker ;;
  podman | arm64 | aspire-podman) engine=podman ;;
  podman-rootless)
    engine=podman
    if [ "$(id -u)" -eq 0 ]; then
      user=${ROOTLESS_USER:-rootless}
      id "$user" >/dev/null 2>&1 || fail "There is no user '$user' to be rootless: set ROOTLESS_USER."
      exec runuser -u "$user" -- env HOME="$(getent passwd "$user" | cut -d: -f6)" XDG_RUNTIME_DIR="/run/user/$(id -u "$user")" \
        "$PWD/scripts/test-containers.sh" podman-rootless "$@"
    fi
    ;;
  *) usage >&2; exit 2 ;;
esac

server=
screenshot=
keep=false
build_arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --image) server=${2:?--image takes a name}; shift ;;
    --keep) keep=true ;;
    --screenshot) screenshot=$(realpath -m "${2:?--screenshot takes a file}"); shift ;;
    --) shift; build_arguments=("$@"); break ;;
    *) usage >&2; fail "There is no argument '$1'." ;;
  esac
  shift
done

work=$(mktemp -d)

# Where Podman may not use fuse, it keeps each layer as a copy of all below it (vfs), and these builds take 60 GB. The kernel's own overlay takes
# a tenth, in a store for this run alone, into which the base images are copied that are here.
own_store() {
  local image own=(env "XDG_DATA_HOME=$work/store" STORAGE_DRIVER=overlay)
  { [ "$engine" = podman ] && ! $keep && [ "$(podman info --format '{{.Store.GraphDriverName}}')" = vfs ]; } || return 0
  if [ "$("${own[@]}" podman info --format '{{.Store.GraphDriverName}}' 2>/dev/null)" != overlay ]; then
    echo "Podman keeps layers as copies here (vfs), and the kernel lets no user overlay folders: about 60 GB will be taken."
    return 0
  fi
  for image in $(sed -n 's/^ARG [A-Z]*_IMAGE=//p' Containerfile) ${server:+"$server"}; do
    if podman image exists "$image"; then
      podman save --quiet "$image" | "${own[@]}" podman load --quiet >/dev/null
    fi
  done
  export XDG_DATA_HOME=$work/store STORAGE_DRIVER=overlay
}
own_store
case $engine in docker) format='{{.DockerRootDir}}' ;; podman) format='{{.Store.GraphRoot}}' ;; esac
kept=$($engine info --format "$format")
free=$(df --output=avail --block-size=1G "$kept" | tail -n 1)
[ "$free" -ge 15 ] || echo "Only $((free)) GB are free in $kept; the builds take up to 15."
name=mcp-test-$$
passed=0
failed=0

# Images without a name: with Podman the stages of what was built.
nameless_images() { $engine image ls --quiet --no-trunc --filter dangling=true | sort -u; }

clean_up() {
  local image
  set +e
  if [ -d "$work/clone" ]; then
    in_clone "${compose[@]}" down --volumes
    in_clone "${test_compose[@]}" down --volumes
  fi
  [ -z "${app_host:-}" ] || { kill -TERM "$app_host"; wait "$app_host"; }
  [ -z "${package_version:-}" ] || rm -rf "${NUGET_PACKAGES:-$HOME/.nuget/packages}/mcpqdrant.hosting/$package_version"
  $engine rm --force "$name"
  $engine volume rm --force "$name" "$name-keys" "$name-data"
  [ -z "${stand_in_for:-}" ] || $engine image rm "$stand_in_for"
  if ! $keep; then
    for image in "$name" "$name-compose" "$name-tests" "$name-qdrant" "$name-toolchain" "$name-runtime" "$name-arm64"; do
      $engine image rm "localhost/$image:test"
    done
    [ "$engine" = docker ] || nameless_images | comm -13 "$work/nameless" - | xargs --no-run-if-empty podman image rm --force
  fi
  # Layers belong to the users of containers.
  if [ -d "$work/store" ]; then podman unshare rm -rf "$work/store"; fi
  rm -rf "$work"
} >/dev/null 2>&1
nameless_images >"$work/nameless"
trap clean_up EXIT

# check SENTENCE COMMAND…: the command says whether the sentence is true.
check() {
  local sentence=$1; shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1)); echo "  ok      $sentence"
  else
    failed=$((failed + 1)); echo "  FAILED  $sentence"; sed 's/^/          | /' "$work/check.log" | tail -n 30
  fi
}

summary() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]; }

build() { "scripts/build-$engine.sh" --load --image "localhost/$1" --tag test "${@:2}" -- "${build_arguments[@]}"; }

messages() {
  cat <<'JSON'
{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
JSON
}
store() { printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-store","arguments":{"information":"%s","collection_name":"containers"}}}\n' "$1"; }
# find_it QUESTION [ARGUMENTS]: in the collection "containers" unless told otherwise.
find_it() { printf '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"qdrant-find","arguments":{"query":"%s"%s}}}\n' "$1" "${2-,\"collection_name\":\"containers\"}"; }

# To the server at $url, with $key.
post() { curl --silent --show-error --max-time 30 -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' "$@" "$url"; }
answers() { local text=$1; shift; post -H "Authorization: Bearer $key" --data "$*" | tee /dev/stderr | grep -q "$text"; }
answers_not() { local text=$1 answer; shift; answer=$(post -H "Authorization: Bearer $key" --data "$*"); echo "$answer"; [[ $answer = *'"result"'* && $answer != *"$text"* ]]; }
status() { [ "$(post --output /dev/null --write-out '%{http_code}' "${@:2}")" = "$1" ]; }

arm64() {
  local base=() runtime
  runtime=$(sed -n 's/^ARG RUNTIME_IMAGE=//p' Containerfile)
  if ! podman pull --quiet --platform linux/arm64 "$runtime" >/dev/null 2>&1; then
    echo "The arm64 base can't be had here; libraries of the build stage's distribution take its place."
    "scripts/build-podman.sh" --load --platform linux/arm64 --target toolchain --image "localhost/$name-toolchain" --tag test -- "${build_arguments[@]}"
    podman build --platform linux/arm64 --tag "localhost/$name-runtime:test" "${build_arguments[@]}" --file - . <<CONTAINERFILE
FROM localhost/$name-toolchain:test AS libraries
WORKDIR /packages
RUN dpkg --add-architecture arm64 && apt-get update && apt-get download libc6:arm64 libgcc-s1:arm64 libssl3:arm64 libstdc++6:arm64
RUN mkdir /base && find . -name "*.deb" -exec dpkg -x {} /base \\;
FROM scratch
COPY --from=libraries /base/ /
CONTAINERFILE
    base=(--build-arg "RUNTIME_IMAGE=localhost/$name-runtime:test")
  fi
  "scripts/build-podman.sh" --load --platform linux/arm64 --image "localhost/$name-arm64" --tag test -- "${base[@]}" "${build_arguments[@]}"

  check "the image says that it is for arm64" [ "$(podman image inspect --format '{{.Architecture}}' "localhost/$name-arm64:test")" = arm64 ]
  podman create --name "$name" "localhost/$name-arm64:test" >/dev/null
  mkdir "$work/root"
  podman export "$name" | tar -x -C "$work/root" --no-same-owner
  check "its binary is for arm64" grep -q 'AArch64' <(readelf -h "$work/root/app/mcp-server-qdrant")
  export ORT_DISABLE_TELEMETRY=1 QDRANT_LOCAL_PATH="$work/data"
  # No more than this: ONNX Runtime does not survive the emulation by qemu 7.2, so nothing may need the model.
  { messages; echo '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'; } | EMBEDDING_PROVIDER=ollama EMBEDDING_MODEL=none \
    timeout 120 qemu-aarch64-static -L "$work/root" "$work/root/app/mcp-server-qdrant" --transport stdio >"$work/arm64.out" 2>"$work/arm64.err" || true
  check "started by qemu-user, it answers initialize" grep -q '"serverInfo":{"name":"mcp-server-qdrant"' "$work/arm64.out"
  check "and lists its tools" grep -q '"name":"qdrant-store"' "$work/arm64.out"
  summary
}

# Where Qdrant's own image can't be had, the tests' stand-in for Qdrant takes its place, under this name.
# shellcheck disable=SC2016  # the pattern has the dollar
qdrant=$(sed -n 's/.*image: \${QDRANT_IMAGE:-\(.*\)}/\1/p' docker-compose.yml)
qdrant_image() {
  if $engine image inspect "$qdrant" >/dev/null 2>&1 || timeout 120 $engine pull --quiet "$qdrant" >/dev/null 2>&1; then
    echo "  Qdrant is $qdrant."
  else
    echo "  $qdrant can't be had here: the tests' stand-in for Qdrant takes its place."
    build "$name-qdrant" --target qdrant-stand-in >"$work/stand-in.log" 2>&1 || { tail -n 20 "$work/stand-in.log"; exit 1; }
    qdrant_stand_in=localhost/$name-qdrant:test
  fi
}

# The app host in $work/app-host, with its ports from the first one on. Also where the PATH has nothing.
env=$(command -v env)
dotnet=$(command -v dotnet || true)
app_host_with() {
  local first=$1; shift
  # Nothing here needs the tunnel from containers to this machine, and its image is one more that may not be had.
  exec "$env" ASPIRE_ENABLE_CONTAINER_TUNNEL=false ASPIRE_ALLOW_UNSECURED_TRANSPORT=true "ASPNETCORE_URLS=http://127.0.0.1:$first" \
    "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:$((first + 1))" "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://127.0.0.1:$((first + 2))" \
    "$dotnet" "$work/app-host/bin/out/AppHost.dll" --Parameters:qdrant-Key=test-key "$@"
}
# starts it, and waits until its memory server is healthy.
app_host_up() {
  DOTNET_ASPIRE_CONTAINER_RUNTIME=$engine app_host_with $((port + 1)) "--Parameters:memory-Key=$key" "$@" >"$work/app-host.log" 2>&1 &
  app_host=$!
  local i
  for i in $(seq 300); do
    curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$port/health" && return 0
    kill -0 "$app_host" || break
    sleep 0.4
  done
  echo "after try $i:"; tail -n 40 "$work/app-host.log"; return 1
}
app_host_down() {
  local code=0
  kill -TERM "$app_host"; wait "$app_host" || code=$?
  app_host=
  [ "$code" -eq 0 ] || { echo "It ended with $code."; tail -n 40 "$work/app-host.log"; return 1; }
  # The orchestrator ends the containers when the app host is gone.
  for _ in $(seq 100); do
    curl --silent --max-time 5 --output /dev/null "http://127.0.0.1:$port/health" || return 0
    sleep 0.4
  done
  echo "The server still answers."; return 1
}

live_test() {
  env "DOTNET_ASPIRE_CONTAINER_RUNTIME=$engine" ASPIRE_ENABLE_CONTAINER_TUNNEL=false ${screenshot:+"DASHBOARD_SCREENSHOT=$screenshot"} \
    dotnet test --project McpQdrant.AppHost.Tests --no-build --no-progress --no-ansi -- --explicit only
}
pack() { dotnet pack McpQdrant.Hosting --output "$work/feed" "-p:Version=$package_version"; }
build_app_host() { (cd "$work/app-host" && dotnet build --output bin/out -warnaserror); }

# Aspire goes on and asks for what is missing on the dashboard, so this waits for the sentence and not for the end.
says() {
  local sentence=$1 pid; shift
  ("$@") >"$work/bad.log" 2>&1 &
  pid=$!
  for _ in $(seq 300); do
    grep -q -F -- "$sentence" "$work/bad.log" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" || true
  cat "$work/bad.log"
  grep -q -F -- "$sentence" "$work/bad.log"
}
on_engine() { DOTNET_ASPIRE_CONTAINER_RUNTIME=$engine app_host_with $((port + 4)) "$@"; }
without_engine() { PATH=$work/nothing app_host_with $((port + 4)) "--Parameters:memory-Key=$key"; }

aspire() {
  # Compose has another variant of it.
  qdrant=docker.io/qdrant/qdrant:$(sed -n 's/.* Tag = "\(.*\)".*/\1/p' McpQdrant.Hosting/Qdrant/QdrantImage.cs)
  port=$((20000 + RANDOM % 10000)) key=$(head -c 24 /dev/urandom | base64 | tr -d '+/=')
  url=http://127.0.0.1:$port/mcp

  echo "The AppHost, live"
  qdrant_image
  if [ -n "${qdrant_stand_in:-}" ]; then
    # Aspire takes the image of that name which is here.
    $engine tag "$qdrant_stand_in" "$qdrant"
    stand_in_for=$qdrant
  fi
  dotnet build McpQdrant.AppHost.Tests >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }
  check "the dashboard answers, a client stores and finds, also when Qdrant was killed and is back; Ctrl-C and SIGTERM end all but the volume" live_test

  echo "Another app host, ten lines, with the package McpQdrant.Hosting and the image"
  package_version=0.0.0-$name
  mkdir "$work/app-host"
  check "the package is made" pack
  new_app_host "$package_version" "$work/feed"
  ten_lines
  check "it builds without a warning, with the package from a folder" build_app_host
  check "its server gets healthy, with Qdrant" app_host_up
  check "a caller without the key is refused" status 401 --data "$(find_it x)"
  check "it stores" answers 'Remembered: The kiln is lit on Fridays.' "$(store 'The kiln is lit on Fridays.')"
  check "it finds" answers 'lit on Fridays' "$(find_it 'When is the kiln lit?')"
  check "SIGTERM ends it, with all that it started" app_host_down

  echo "The package's other calls"
  # The embeddings' stand-in is a program of the tests' image.
  build "$name-tests" --target tests >"$work/tests.log" 2>&1 || { tail -n 20 "$work/tests.log"; exit 1; }
  every_call
  check "an app host with them builds" build_app_host
  check "WithDataVolume: it gets healthy, with no Qdrant" app_host_up
  check "it stores" answers 'Remembered: The kiln is lit on Fridays.' "$(store 'The kiln is lit on Fridays.')"
  bad_input
  check "SIGTERM ends it" app_host_down
  check "WithCollection, WithApiKey, WithReadOnly: it gets healthy" app_host_up --With=choices "--Parameters:mine=of-$key"
  check "the key that was there before is refused" status 401 -H "Authorization: Bearer $key" --data "$(find_it x)"
  key=of-$key
  check "it has the memories of the one before, without a name of a collection" answers 'lit on Fridays' "$(find_it 'When is the kiln lit?' '')"
  check "it has no tool that writes" answers_not qdrant-store '{"jsonrpc":"2.0","id":3,"method":"tools/list"}'
  check "SIGTERM ends it" app_host_down
  key=${key#of-}
  check "WithEmbeddings: it gets healthy" app_host_up --With=embeddings
  check "it stores" answers 'Remembered: The mill grinds at dawn.' "$(store 'The mill grinds at dawn.')"
  check "it finds" answers 'grinds at dawn' "$(find_it 'When does the mill grind?')"
  check "by the other container's model" answers '"name":"containers".*some-model' \
    '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"qdrant-collections","arguments":{}}}'
  check "SIGTERM ends it" app_host_down
  summary
}

# What a person reads, while another app host runs. A sentence each.
bad_input() {
  mkdir -p "$work/nothing"
  check "a taken port: a sentence" says "Port $port, which memory needs, is taken." on_engine "--Parameters:memory-Key=$key"
  check "an empty key: a sentence" says "The parameter 'memory-Key' is empty." on_engine --Parameters:memory-Key=
  check "an unknown resource for embeddings: a sentence" says "'mystery' is a ConnectionStringParameterResource, of which" on_engine --With=unknown
  check "no engine: Aspire's sentence" says "Container runtime 'docker' could not be found." without_engine
}

# new_app_host VERSION FEED: an app host as anybody writes it.
new_app_host() {
  local sdk aspire
  image=${server#*/}
  case $image in *:*) ;; *) image=$image:latest ;; esac
  sdk=$(sed -n 's|.*Sdk="\(Aspire.AppHost.Sdk/[^"]*\)".*|\1|p' McpQdrant.AppHost/McpQdrant.AppHost.csproj)
  aspire=$(sed -n 's|.*"Aspire.Hosting.AppHost" Version="\([^"]*\)".*|\1|p' Directory.Packages.props)
  cat >"$work/app-host/AppHost.csproj" <<PROJECT
<Project Sdk="$sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <UserSecretsId>mcpqdrant-test</UserSecretsId>
    <!-- ASPIRE010 asks for the Aspire CLI. -->
    <NoWarn>$(NoWarn);ASPIRE010</NoWarn>
    <RestoreAdditionalProjectSources>$2</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="McpQdrant.Hosting" Version="$1" />
    <!-- The version that the SDK asks for is not on every feed. -->
    <PackageReference Include="Aspire.Hosting.AppHost" Version="$aspire" />
  </ItemGroup>
</Project>
PROJECT
}
ten_lines() {
  cat >"$work/app-host/Program.cs" <<PROGRAM
using McpQdrant.Hosting;
using McpQdrant.Hosting.Qdrant;

var builder = DistributedApplication.CreateBuilder(args);
var qdrant = builder.AddQdrant("qdrant");
builder.AddMcpQdrant("memory", port: $port)
    .WithImageRegistry("${server%%/*}").WithImage("${image%:*}", "${image##*:}")
    .WithReference(qdrant).WaitFor(qdrant);
builder.Build().Run();
PROGRAM
}
every_call() {
  cat >"$work/app-host/Program.cs" <<PROGRAM
using McpQdrant.Hosting;

var builder = DistributedApplication.CreateBuilder(args);
var memory = builder.AddMcpQdrant("memory", port: $port)
    .WithImageRegistry("${server%%/*}").WithImage("${image%:*}", "${image##*:}");
switch (builder.Configuration["With"])
{
    case "choices":
        memory.WithDataVolume("$name-data").WithCollection("containers").WithReadOnly().WithApiKey(builder.AddParameter("mine", secret: true));
        break;
    case "embeddings":
        var embedder = builder.AddContainer("embedder", "localhost/$name-tests", "test")
            .WithArgs("-explicit", "only", "-class", "McpQdrant.Tests.Containers.ProviderStandInHost")
            .WithHttpEndpoint(targetPort: 8080, name: "http");
        memory.WithEmbeddings(EmbeddingProvider.OpenAI, embedder.GetEndpoint("http"), "some-model");
        break;
    case "unknown":
        memory.WithEmbeddings(builder.AddConnectionString("mystery"));
        break;
    default:
        memory.WithDataVolume("$name-data");
        break;
}
builder.Build().Run();
PROGRAM
}

if [ "$mode" = arm64 ]; then arm64; exit; fi

if [ -z "$server" ]; then
  build "$name"
  server=localhost/$name:test
  compose_image=localhost/$name-compose:test
else
  compose_image=$server
fi

case $mode in aspire-*) aspire; exit ;; esac

hardened=(--read-only --cap-drop ALL --security-opt no-new-privileges)

echo "The image"
check "runs as a user who is not root" [ "$($engine image inspect --format '{{.Config.User}}' "$server")" = 1654 ]
no_shell() { ! $engine run --rm --entrypoint /bin/sh "$server" -c true; }
check "has no shell" no_shell
check "names the server for MCP registries" [ "$($engine image inspect --format '{{index .Config.Labels "io.modelcontextprotocol.server.name"}}' "$server")" = io.github.mcpqdrant/mcp-server-qdrant ]

echo "What it refuses"
refuses() {
  local expected=$1 sentence=$2 code=0; shift 2
  $engine run --rm "${hardened[@]}" "$@" >"$work/out" 2>"$work/err" || code=$?
  cat "$work/out" "$work/err"
  [ "$code" -eq "$expected" ] && grep -q -- "$sentence" "$work/err" && [ ! -s "$work/out" ]
}
check "to listen without authentication, with a sentence" refuses 2 MCP_API_KEY "$server"
check "a bad setting, with a sentence" refuses 2 QDRANT_SEARCH_LIMIT --env QDRANT_SEARCH_LIMIT=lots --env MCP_ALLOW_ANONYMOUS=true "$server"

start() {
  $engine run --detach --name "$name" "${hardened[@]}" --publish 127.0.0.1::8000 --volume "$name:/data" \
    --volume "$name-keys:/keys" --env MCP_API_KEY_FILE=/keys/mcp_api_key "$server" --transport http --create-keys >/dev/null
  url=http://$($engine port "$name" 8000/tcp | head -n 1)/mcp
}
healthy() {
  local i
  for i in $(seq 150); do
    $engine exec "$name" mcp-server-qdrant healthcheck && return 0
    [ "$($engine inspect --format '{{.State.Running}}' "$name")" = true ] || break
    sleep 0.2
  done
  echo "after try $i:"; $engine logs "$name"; return 1
}
show_key() { key=$($engine exec "$name" mcp-server-qdrant key show) && [ "${#key}" -ge 32 ]; }
process() { grep -E "^$1:[[:space:]]*$2" "/proc/$($engine inspect --format '{{.State.Pid}}' "$name")/status"; }
stops() {
  local begin end
  begin=$(date +%s%N); $engine stop --time 10 "$name" >/dev/null; end=$(date +%s%N)
  echo "$(((end - begin) / 1000000)) ms, exit code $($engine inspect --format '{{.State.ExitCode}}' "$name")"
  [ $(((end - begin) / 1000000)) -lt 2000 ] && [ "$($engine inspect --format '{{.State.ExitCode}}' "$name")" = 0 ]
}

echo "Over HTTP, with a read-only root and no capabilities"
start
check "it is healthy" healthy
check "it shows the key that it made" show_key
check "its process has no capabilities" process CapEff 0000000000000000
check "its process can get no privileges" process NoNewPrivs 1
check "its process is not root" process Uid '[1-9]'
check "a caller without the key is refused" status 401 --data "$(find_it x)"
check "it stores" answers 'Remembered: The deploy key rotates on Mondays.' "$(store 'The deploy key rotates on Mondays.')"
check "it finds" answers 'rotates on Mondays' "$(find_it 'When does the deploy key rotate?')"
check "SIGTERM ends it within 2 seconds, with 0" stops
$engine rm "$name" >/dev/null
start
check "a new container is healthy" healthy
check "and has the memories of the one before" answers 'rotates on Mondays' "$(find_it 'When does the deploy key rotate?')"
$engine rm --force "$name" >/dev/null

echo "Over stdio"
stdio() {
  local text=$1; shift
  "$@" | $engine run --rm --interactive "${hardened[@]}" --volume "$name:/data" "$server" --transport stdio | tee /dev/stderr | grep -q "$text"
}
talk() { messages; "$@"; }
check "it stores" stdio 'Remembered: The ferry leaves at noon.' talk store 'The ferry leaves at noon.'
check "it finds" stdio 'leaves at noon' talk find_it 'When does the ferry leave?'

echo "By compose, in a fresh clone"
# The commands are those of the pages. Names and ports are this run's own, so that a deployment of this machine is left alone.
if [ "$engine" = docker ]; then
  compose=(env "COMPOSE_PROJECT_NAME=$name" docker compose)
  test_compose=(env "COMPOSE_PROJECT_NAME=$name-tests" docker compose -f docker-compose.test.yml)
else
  compose=(env "COMPOSE_PROJECT_NAME=$name" podman-compose)
  test_compose=(env "COMPOSE_PROJECT_NAME=$name-tests" podman-compose -f podman-compose.test.yml)
fi
in_clone() { (cd "$work/clone" && "$@"); }
# This folder may belong to another user, about whom git wants to be told.
git config --file "$work/gitconfig" safe.directory '*'
GIT_CONFIG_GLOBAL=$work/gitconfig git clone --quiet . "$work/clone"
qdrant_image
[ -z "${qdrant_stand_in:-}" ] || export QDRANT_IMAGE=$qdrant_stand_in
export MCP_IMAGE=$compose_image MCP_TESTS_IMAGE=localhost/$name-tests:test
export MCP_PORT=$((20000 + RANDOM % 10000)) QDRANT_PORT=$((30000 + RANDOM % 2000))
compose_healthy() {
  local i
  for i in $(seq 150); do
    in_clone "${compose[@]}" exec -T mcp-server mcp-server-qdrant healthcheck && return 0
    sleep 0.4
  done
  echo "after try $i:"; in_clone "${compose[@]}" logs; return 1
}
compose_key() { key=$(in_clone "${compose[@]}" exec -T mcp-server mcp-server-qdrant key show) && [ "${#key}" -ge 32 ]; }
qdrant_status() { [ "$(curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$QDRANT_PORT/collections")" = "$1" ]; }
up() { in_clone "${compose[@]}" up -d; }
down() { in_clone "${compose[@]}" down; }
check "'up -d' starts it, with no step before" up
check "it is healthy" compose_healthy
check "'exec mcp-server mcp-server-qdrant key show' prints the key" compose_key
url=http://127.0.0.1:$MCP_PORT/mcp
check "a caller without the key is refused" status 401 --data "$(find_it x)"
check "Qdrant refuses a caller without its key" qdrant_status 401
check "it stores in Qdrant" answers 'Remembered: The well is behind the mill.' "$(store 'The well is behind the mill.')"
check "'down' ends it" down
check "'up -d' starts it again" up
check "it is healthy" compose_healthy
check "the key is the same, and it finds" answers 'behind the mill' "$(find_it 'Where is the well?')"
check "'down --volumes' removes it" in_clone "${compose[@]}" down --volumes

if [ "$engine" = podman ]; then
  echo "Kubernetes' YAML, by podman kube play"
  if [ "$(podman version --format '{{.Client.Version}}' | cut -d. -f1)" -ge 5 ]; then
    sdk=$(sed -n 's/^ARG SDK_IMAGE=//p' Containerfile)
    check "another pod stores and finds through the Service's name, with a key" scripts/play-kube.sh "$server" "${qdrant_stand_in:-$qdrant}" "$sdk"
  else
    echo "  Left out: it needs Podman 5."
  fi
fi

echo "The tests by compose"
compose_tests() {
  local code=0
  timeout 1800 "${test_compose[@]}" up --exit-code-from tests || code=$?
  "${test_compose[@]}" down --volumes || true
  return $code
}
ends() {
  local expected=$1 text=$2 code=0
  in_clone compose_tests >"$work/compose.log" 2>&1 || code=$?
  cat "$work/compose.log"; echo "It ended with $code."
  if [ "$expected" = 0 ]; then [ "$code" -eq 0 ]; else [ "$code" -ne 0 ]; fi && grep -q "$text" "$work/compose.log"
}
with_wrong_key() { MCP_TEST_API_KEY_FILE=/etc/hostname "$@"; }
check "the tests pass, and it ends with 0" ends 0 'Total: 2, .*Failed: 0'
check "a test that fails ends it with another code" with_wrong_key ends other 'Failed: [1-9]'

summary
