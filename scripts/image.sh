# What building an image takes with either engine; build-docker.sh and build-podman.sh source it.
# shellcheck shell=bash disable=SC2034  # the scripts that source it read what it sets

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
image=${IMAGE:-ghcr.io/mcpqdrant/mcp-server-qdrant}
tags=()
platforms=
target=server
load=false
push=false
digest_only=false
multilingual=false
engine_arguments=()

fail() { echo "$*" >&2; exit 1; }

usage() { sed -n '2,/^set /{/^#/!d;s/^# \{0,1\}//;p}' "$0"; }

git_at_root() { git -c safe.directory='*' -C "$root" "$@" 2>/dev/null; }

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --load) load=true ;;
      --push) push=true ;;
      --digest-only) push=true digest_only=true ;;
      --multilingual) multilingual=true ;;
      --image) image=${2:?--image takes a name}; shift ;;
      --tag) tags+=("${2:?--tag takes a tag}"); shift ;;
      --platform) platforms=${2:?--platform takes platforms}; shift ;;
      --target) target=${2:?--target takes a stage}; shift ;;
      --help | -h) usage; exit 0 ;;
      --) shift; engine_arguments=("$@"); break ;;
      *) usage >&2; fail "There is no argument '$1'. The engine's own come after '--'." ;;
    esac
    shift
  done
  [ "${#tags[@]}" -gt 0 ] || tags=(dev)
  if [ -z "$platforms" ]; then
    if $load; then platforms=$(local_platform); else platforms=linux/amd64,linux/arm64; fi
  fi
  if $load && $push; then fail "--load keeps the image here, --push sends it away: choose one."; fi
}

# The processor of this machine, as images name it.
local_platform() {
  case $(uname -m) in
    x86_64) echo linux/amd64 ;;
    aarch64 | arm64) echo linux/arm64 ;;
    *) fail "There is no image for the processor of this machine ($(uname -m)): amd64 and arm64 are built." ;;
  esac
}

# The default of an ARG in the Dockerfile.
argument_default() { sed -n "s/^ARG $1=//p" "$root/Dockerfile"; }

# What is different for each commit goes into labels, which cost no layer.
common_arguments() {
  local version revision epoch base
  version=${VERSION:-$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$root/Directory.Build.props")}
  revision=$(git_at_root rev-parse HEAD || echo unknown)
  epoch=${SOURCE_DATE_EPOCH:-$(git_at_root log -1 --format=%ct || echo 0)}
  base=${RUNTIME_IMAGE:-$(argument_default RUNTIME_IMAGE)}
  arguments=(
    --target "$target"
    --label "org.opencontainers.image.version=$version"
    --label "org.opencontainers.image.revision=$revision"
    --label "org.opencontainers.image.created=$(date --utc --date="@$epoch" +%Y-%m-%dT%H:%M:%SZ)"
    --label "org.opencontainers.image.base.name=${base%%@*}"
  )
  # Only where one is chosen: so these layers are also those that compose builds.
  [ -z "${VERSION:-}" ] || arguments+=(--build-arg "VERSION=$VERSION")
  if $multilingual; then arguments+=(--build-arg MODELS=multilingual-e5-small --build-arg EMBEDDING_MODEL=intfloat/multilingual-e5-small); fi
  case $base in *@*) arguments+=(--label "org.opencontainers.image.base.digest=${base##*@}") ;; esac
}
