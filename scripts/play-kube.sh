#!/usr/bin/env bash
# Runs deploy/kube by `podman kube play`, as docs/images.md has it, and calls the server from another pod through the name that its Service
# has in a cluster. Ends with "N passed, N failed".
#
#   play-kube.sh SERVER QDRANT CLIENT    images: of the server, of Qdrant (or the tests' stand-in), and any with curl and sleep
#
# Needs Podman 5. Everything that it made goes at the end; where something of these names is there already, it stops at once.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$*" >&2; exit 1; }
[ $# -eq 3 ] || fail "Usage: play-kube.sh SERVER QDRANT CLIENT"
[ "$(podman version --format '{{.Client.Version}}' | cut -d. -f1)" -ge 5 ] || fail "Podman 5 is needed: older ones know neither --publish here nor a name of a pod's own."
pods=(mcp-server-qdrant-pod qdrant-pod mcp-client)
volumes=(qdrant-storage qdrant-snapshots mcp-server-qdrant)
network=mcp-play-$$
for pod in "${pods[@]}"; do ! podman pod exists "$pod" || fail "There is a pod '$pod' already."; done
for volume in "${volumes[@]}"; do ! podman volume exists "$volume" || fail "There is a volume '$volume' already."; done
! podman secret exists mcp-server-qdrant || fail "There is a secret 'mcp-server-qdrant' already."

work=$(mktemp -d)
clean_up() {
  podman pod rm --force --time 2 "${pods[@]}"
  podman volume rm --force "${volumes[@]}"
  podman secret rm mcp-server-qdrant
  podman network rm --force "$network"
  rm -rf "$work"
} >/dev/null 2>&1
trap clean_up EXIT

passed=0 failed=0
# check SENTENCE COMMAND…: the command says whether the sentence is true.
check() {
  local sentence=$1; shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1)); echo "  ok      $sentence"
  else
    failed=$((failed + 1)); echo "  FAILED  $sentence"; sed 's/^/          | /' "$work/check.log" | tail -n 30
  fi
}

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
key=$(random)
secret() {
  podman kube play - <<YAML
apiVersion: v1
kind: Secret
metadata: {name: mcp-server-qdrant}
stringData: {mcp-api-key: "$key", qdrant-api-key: "$(random)", mcp-confirmation-key: "$(random)"}
YAML
}
play() { local file=$1 image=$2; shift 2; sed "s|image: .*|image: $image|" "deploy/kube/$file" | podman kube play "$@" -; }
client() {
  podman kube play --network "$network" - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: mcp-client}
spec:
  restartPolicy: Never
  containers:
    - {name: curl, image: "$1", command: [sleep, "600"]}
YAML
}

# In the client's pod. The key goes by standard input: arguments can be read by others.
from_pod() {
  podman exec --interactive mcp-client-curl curl --silent --show-error --max-time 30 --config - \
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' "$@"
}
with_key() { echo "header = \"Authorization: Bearer $key\"" | from_pod "$@"; }
healthy() {
  for _ in $(seq 150); do
    [ "$(from_pod http://mcp-server-qdrant:8000/health </dev/null)" = Healthy ] && return 0
    sleep 0.4
  done
  podman logs mcp-server-qdrant-pod-mcp-server; return 1
}
answers() { with_key --data "$2" http://mcp-server-qdrant:8000/mcp | tee /dev/stderr | grep -q "$1"; }
refused() { [ "$(from_pod --output /dev/null --write-out '%{http_code}' --data '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' http://mcp-server-qdrant:8000/mcp </dev/null)" = 401 ]; }
tool() { printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"%s":"%s","collection_name":"play"}}}' "$@"; }
not_root() { [ "$(podman inspect --format '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}' mcp-server-qdrant-pod-mcp-server)" = "1654:1654 true" ]; }

podman network create "$network" >/dev/null
check "the secret is made" secret
check "Qdrant is played" play qdrant.yaml "$2" --network "$network:alias=qdrant"
check "the server is played" play podman.yaml "$1" --network "$network:alias=mcp-server-qdrant"
check "another pod is played" client "$3"
check "the other pod finds it healthy by the Service's name" healthy
check "it isn't root, and its root is read-only" not_root
check "a caller without the key is refused" refused
check "it stores for the other pod" answers 'Remembered: The lock opens at high tide.' "$(tool qdrant-store information 'The lock opens at high tide.')"
check "it finds" answers 'opens at high tide' "$(tool qdrant-find query 'When does the lock open?')"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
