#!/usr/bin/env bash
# a start without a usable model ends with a sentence and a code
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
echo "no graph" > "$folder/model.onnx"
for vocabulary in none empty; do
  [ $vocabulary = empty ] && : > "$folder/vocab.txt"
  errors=$(sleep 30 | QDRANT_LOCAL_PATH=:memory: EMBEDDING_MODEL_PATH=$folder timeout 60 "$SERVER" 2>&1 >/dev/null & wait $!; echo "code $?")
  grep -q "^code 1$" <<< "$errors" && ! grep -q "   at " <<< "$errors" && grep -qi "model" <<< "$errors" || { echo "$errors"; exit 1; }
done
