#!/usr/bin/env bash
# an odd collection, name or point in a Qdrant that others use too breaks nothing else
set -euo pipefail; . scripts/faults/lib.sh
stand_in qdrant qdrant; export QDRANT_LOCAL_PATH='' QDRANT_URL=http://127.0.0.1:$port
stand_in provider embeddings; export EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://127.0.0.1:$port/v1 EMBEDDING_DIMENSIONS=4
session "$(call 1 qdrant-find '{"query":"tea","collection_name":"good"}')" "$(call 2 qdrant-collections '{}')"
matches "$(answer 1)" tea
matches "$(answer 2)" '"name":"good"'
matches "$(answer 2)" 'shard is dead'
