#!/usr/bin/env bash
# a provider's 307 carries the text to no other host, and nothing is stored
set -euo pipefail; . scripts/faults/lib.sh
stand_in other embeddings; other=http://127.0.0.1:$port
stand_in provider redirect "$other"
export EMBEDDING_PROVIDER=openai EMBEDDING_MODEL=m EMBEDDING_URL=http://127.0.0.1:$port/v1
session "$(call 1 qdrant-store '{"information":"a secret","collection_name":"notes"}')"
lacks "$(asked other)" .
matches "$(answer 1)" '"isError":true.*|Set EMBEDDING_URL'
lacks "$answers" Remembered
