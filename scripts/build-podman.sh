#!/usr/bin/env bash
# Builds the server's image with Podman, for amd64 and arm64 at once; rootless is fine.
#
#   build-podman.sh            both platforms, into a local manifest list
#   build-podman.sh --load     this machine's platform, as an ordinary image
#   build-podman.sh --push     both platforms, to the registry
#
#   --image NAME        default ghcr.io/mcpqdrant/mcp-server-qdrant, or $IMAGE
#   --tag TAG           may be given more than once; default dev
#   --multilingual      with the model for a hundred languages too, which new collections get
#   --platform LIST     in place of those platforms
#   --target STAGE      default server; `tests` is what the compose tests run
#   -- ARGUMENTS        for `podman build`, for instance -- --network=host
#
# $VERSION sets the version, in place of the one in Directory.Build.props.
set -euo pipefail
# shellcheck source=scripts/image.sh
. "$(dirname "$0")/image.sh"
parse_arguments "$@"

if $digest_only; then fail "Podman pushes by tag: use --push with a --tag of its own."; fi
command -v podman >/dev/null || fail "Podman is missing. Install the package podman."

# Podman does not tell the Containerfile which platform builds.
common_arguments
arguments+=(--build-arg "BUILDPLATFORM=$(local_platform)")
first=$image:${tags[0]}

cd "$root"
if $load; then
  podman build --file Containerfile --platform "$platforms" --tag "$first" "${arguments[@]}" "${engine_arguments[@]}" .
else
  # `podman build --manifest` adds to a list that is there.
  podman manifest exists "$first" && podman manifest rm "$first" >/dev/null
  podman build --file Containerfile --platform "$platforms" --manifest "$first" "${arguments[@]}" "${engine_arguments[@]}" .
fi

for tag in "${tags[@]:1}"; do podman tag "$first" "$image:$tag"; done
if $push; then
  for tag in "${tags[@]}"; do podman manifest push --all "$first" "docker://$image:$tag"; done
fi
