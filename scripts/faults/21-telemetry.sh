#!/usr/bin/env bash
# spans quote nothing that a caller sent, and names that callers make up make no series
source scripts/faults/common.sh
export COUNTED=$folder/bodies
stand_in collector count; export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$port OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_LOGS_EXPORTER=none
{
  echo "$initialize"
  call 1 qdrant-find '{"query":"tea","collection_name":"zanzibar/x"}'
  call 2 qdrant-update '{"id":"zanzibar","information":"x","collection_name":"notes"}'
  call 3 qdrant-forget '{"collection_name":"notes","filter":{"must":[{"key":"zanzibar","zanzibar":"zanzibar"}]}}'
} | QDRANT_LOCAL_PATH=:memory: "$SERVER" > "$folder/answers" 2> "$folder/errors"
[ "$(asked collector | grep -c /v1/traces)" -gt 0 ] || fail "There are no spans."
python3 - "$COUNTED" <<'PYTHON' || fail "A span quotes what was sent."
import re, sys
# A span's status has its words in field 2 of the message of field 15: 0x7a, length, 0x12, length, words.
sent = open(sys.argv[1], "rb").read()
sys.exit(any(b"zanzibar" in sent[at.start():at.start() + 2000].split(b"\x18\x02")[0] for at in re.finditer(rb"\x7a[\x00-\xff]{1,2}\x12", sent)))
PYTHON
