#!/usr/bin/env bash
# spans quote nothing that a caller sent, and names that callers make up make no series
set -euo pipefail; . scripts/faults/lib.sh
export COUNTED=$work/bodies
stand_in collector count; export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$port OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_LOGS_EXPORTER=none
session \
  "$(call 1 qdrant-find '{"query":"tea","collection_name":"zanzibar/x"}')" \
  "$(call 2 qdrant-update '{"id":"zanzibar","information":"x","collection_name":"notes"}')" \
  "$(call 3 qdrant-forget '{"collection_name":"notes","filter":{"must":[{"key":"zanzibar","zanzibar":"zanzibar"}]}}')"
matches "$(asked collector)" /v1/traces
python3 - "$COUNTED" <<'PYTHON' || { echo "A span quotes what was sent."; exit 1; }
import re, sys
# A span's status has its words in field 2 of the message of field 15: 0x7a, length, 0x12, length, words.
sent = open(sys.argv[1], "rb").read()
sys.exit(any(b"zanzibar" in sent[at.start():at.start() + 2000].split(b"\x18\x02")[0] for at in re.finditer(rb"\x7a[\x00-\xff]{1,2}\x12", sent)))
PYTHON
