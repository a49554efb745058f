#!/usr/bin/env bash
# an odd collection, name or point in a Qdrant that others use too breaks nothing else
source scripts/faults/common.sh
stand_in qdrant qdrant; export QDRANT_URL=http://127.0.0.1:$port
stand_in provider embeddings; export EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://127.0.0.1:$port/v1 EMBEDDING_DIMENSIONS=4
{ echo "$initialize"; call 1 qdrant-find '{"query":"tea","collection_name":"good"}'; call 2 qdrant-collections '{}'; } | "$SERVER" > "$folder/answers" 2> "$folder/errors"
grep '"id":1' "$folder/answers" | grep -q tea || fail "The good collection is not found from."
grep '"id":2' "$folder/answers" | grep -q '"name":"good"' || fail "The collections are not listed."
grep '"id":2' "$folder/answers" | grep -q 'shard is dead' || fail "The broken collection has no reason."
