#!/usr/bin/env bash
# Pins the base images by digest: writes the digests that their tags have now into Dockerfile and Containerfile.
# Needs the registry, and skopeo or Docker's buildx. Run it, look at the difference, build, commit.
#
#   pin-bases.sh            pin to what the tags are now
#   pin-bases.sh --unpin    back to the tags alone
set -euo pipefail
cd "$(dirname "$0")/.."

digest_of() {
  if command -v skopeo >/dev/null; then
    skopeo inspect --raw "docker://$1" | sha256sum | awk '{print "sha256:" $1}'
  else
    docker buildx imagetools inspect "$1" --format '{{.Manifest.Digest}}'
  fi
}

for name in SDK_IMAGE RUNTIME_IMAGE; do
  reference=$(sed -n "s/^ARG $name=//p" Dockerfile)
  tagged=${reference%%@*}
  pinned=$tagged
  if [ "${1:-}" != --unpin ]; then
    digest=$(digest_of "$tagged")
    case $digest in
      sha256:????????????????????????????????????????????????????????????????) pinned=$tagged@$digest ;;
      *) echo "The registry gave no digest for $tagged." >&2; exit 1 ;;
    esac
  fi
  sed -i "s|^ARG $name=.*|ARG $name=$pinned|" Dockerfile Containerfile
  echo "$name=$pinned"
done
