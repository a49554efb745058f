#!/usr/bin/env bash
# Builds the server's image with Docker, for amd64 and arm64 at once.
#
#   build-docker.sh            both platforms, into artifacts/mcp-server-qdrant.oci.tar
#   build-docker.sh --load     this machine's platform, into the local images
#   build-docker.sh --push     both platforms, to the registry
#   build-docker.sh --digest-only    the same, without a tag: for whoever looks at it before others may
#
#   --image NAME        default ghcr.io/mcpqdrant/mcp-server-qdrant, or $IMAGE
#   --tag TAG           may be given more than once; default dev
#   --multilingual      with the model for a hundred languages too, which new collections get
#   --platform LIST     in place of those platforms
#   --target STAGE      default server; `tests` is what the compose tests run
#   -- ARGUMENTS        for `docker buildx build`, for instance -- --network=host
#
# $VERSION sets the version, in place of the one in Directory.Build.props.
set -euo pipefail
# shellcheck source=scripts/image.sh
. "$(dirname "$0")/image.sh"
parse_arguments "$@"

docker buildx version >/dev/null 2>&1 ||
  fail "Docker's buildx is missing. Install the package docker-buildx-plugin (Docker's own repository) or docker-buildx (Debian, Ubuntu, Fedora)."
docker info >/dev/null 2>&1 || fail "The Docker engine does not answer. Is it running, and may $(id -un) use it?"

if $load; then
  output=(--load)
elif $digest_only; then
  output=(--output "type=image,name=$image,push-by-digest=true,name-canonical=true,push=true")
  tags=()
elif $push; then
  output=(--push)
else
  mkdir -p "$root/artifacts"
  output=(--output "type=oci,dest=$root/artifacts/mcp-server-qdrant.oci.tar")
fi

# The engine's own builder makes one platform at a time, and no OCI files, unless the engine keeps images in containerd.
driver=$(docker buildx inspect 2>/dev/null | awk '$1 == "Driver:" {print $2; exit}')
if ! $load && [ "$driver" = docker ] && ! docker info --format '{{.DriverStatus}}' | grep -q io.containerd.snapshotter; then
  fail "The builder in use can't build several platforms at once. Make one that can with
  docker buildx create --name multi --driver docker-container --use
and try again; or build for this machine alone with --load."
fi

common_arguments
for tag in "${tags[@]}"; do arguments+=(--tag "$image:$tag"); done

cd "$root"
docker buildx build --file Dockerfile --platform "$platforms" "${output[@]}" \
  --build-arg "SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git_at_root log -1 --format=%ct || echo 0)}" \
  "${arguments[@]}" "${engine_arguments[@]}" .
