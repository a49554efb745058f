#!/usr/bin/env bash
# a provider's 307 carries the text to no other host, and nothing is stored
source scripts/faults/common.sh
stand_in other embeddings; other=http://127.0.0.1:$port
stand_in provider redirect "$other"
{ echo "$initialize"; call 1 qdrant-store '{"information":"a secret","collection_name":"notes"}'; } \
  | QDRANT_LOCAL_PATH=:memory: EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://127.0.0.1:$port/v1 "$SERVER" > "$folder/answers" 2> "$folder/errors"
[ -z "$(asked other)" ] || fail "The other host was asked."
grep '"id":1' "$folder/answers" | grep -q '"isError":true.*\|Set EMBEDDING_URL' && ! grep -q Remembered "$folder/answers" || fail "There is no refusal."
