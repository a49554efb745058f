#!/usr/bin/env bash
# Makes the plain YAML in deploy/kube from the chart in deploy/helm: one file by the chart's defaults, and one for each file of values in
# its folder examples. Run it after a change of the chart; a test compares.
#
#   scripts/render-kube.sh [FOLDER]      into deploy/kube, or another folder
#
# Needs Helm 3.
set -euo pipefail
cd "$(dirname "$0")/.."

chart=deploy/helm/mcp-server-qdrant
folder=${1:-deploy/kube}
namespace=memory

hash_of() { sha256sum | cut -d ' ' -f 1; }
# Names and hashes of the chart's files, hashed.
made_of() { (cd "$chart" && find . -type f ! -name README.md | LC_ALL=C sort | xargs sha256sum | hash_of); }

# The labels that say "Helm takes care of this" go: here it doesn't.
template() {
  helm template mcp-server-qdrant "$chart" --kube-version 1.30.0 --namespace "$namespace" "$@" |
    sed -E '/^# Source: /d; /^ +(app\.kubernetes\.io\/managed-by|helm\.sh\/chart): /d; s/ +$//'
}

namespace() {
  cat <<NAMESPACE
---
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    pod-security.kubernetes.io/enforce: restricted
NAMESPACE
}

# The second line is for a test that has no Helm.
write() {
  local text; text=$(cat)
  {
    echo "# Made by scripts/render-kube.sh from deploy/helm/mcp-server-qdrant; change that, not this."
    echo "# From $(made_of), and below is $(hash_of <<<"$text")"
    echo "$text"
  } >"$folder/$1.yaml"
}

mkdir -p "$folder"
{ namespace; template; } | write mcp-server-qdrant
for values in "$chart"/examples/*.yaml; do
  name=$(basename "$values" .yaml)
  # Podman has no namespaces.
  { [ "$name" = podman ] || namespace; template --values "$values"; } | write "$name"
done
