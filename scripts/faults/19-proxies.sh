#!/usr/bin/env bash
# HTTP_PROXY and ALL_PROXY never take loopback traffic: Qdrant, a provider, a collector
set -euo pipefail; . scripts/faults/lib.sh
export COUNTED=$work/bodies
stand_in qdrant qdrant; export QDRANT_LOCAL_PATH='' QDRANT_URL=http://127.0.0.1:$port QDRANT_API_KEY=s3cret
stand_in provider embeddings; export EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://localhost:$port/v1 EMBEDDING_API_KEY=s3cret EMBEDDING_DIMENSIONS=4
stand_in collector count; export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$port OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
stand_in proxy count; unset no_proxy NO_PROXY
for variable in HTTP_PROXY http_proxy ALL_PROXY all_proxy; do
  export "$variable=http://127.0.0.1:$port"
  session "$(call 1 qdrant-find '{"query":"tea","collection_name":"good"}')"
  unset "$variable"
  matches "$(answer 1)" tea
  lacks "$(asked proxy)" .
done
