#!/usr/bin/env bash
# Checks the Helm chart: lints it with its defaults and with each example, renders it, compares that with deploy/kube, and validates every
# object by the schema of its kind.
#
# Needs Helm 3 and npm.
set -euo pipefail
cd "$(dirname "$0")/.."

chart=deploy/helm/mcp-server-qdrant
helm lint "$chart" --strict --kube-version 1.30.0
for values in "$chart"/examples/*.yaml; do
  helm lint "$chart" --strict --kube-version 1.30.0 --values "$values"
done

rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
scripts/render-kube.sh "$rendered"
cp deploy/kube/qdrant.yaml "$rendered"
diff --recursive --unified deploy/kube "$rendered"

npm install --prefix scripts/kube --no-package-lock --silent --no-audit --no-fund
node scripts/kube/validate.js deploy/kube/*.yaml
