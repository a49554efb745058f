#!/usr/bin/env bash
# HTTP_PROXY and ALL_PROXY never take loopback traffic: Qdrant, a provider, a collector
source scripts/faults/common.sh
export COUNTED=$folder/bodies
stand_in qdrant qdrant; export QDRANT_URL=http://127.0.0.1:$port QDRANT_API_KEY=s3cret
stand_in provider embeddings; export EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://localhost:$port/v1 EMBEDDING_API_KEY=s3cret EMBEDDING_DIMENSIONS=4
stand_in collector count; export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$port OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
stand_in proxy count; unset no_proxy NO_PROXY
for variable in HTTP_PROXY http_proxy ALL_PROXY all_proxy; do
  { echo "$initialize"; call 1 qdrant-find '{"query":"tea","collection_name":"good"}'; } | env "$variable=http://127.0.0.1:$port" "$SERVER" > "$folder/answers" 2> "$folder/errors"
  grep '"id":1' "$folder/answers" | grep -q tea || fail "$variable: nothing is found."
  [ -z "$(asked proxy)" ] || fail "$variable: the proxy was asked."
done
