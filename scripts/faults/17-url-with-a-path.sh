#!/usr/bin/env bash
# QDRANT_URL with a path and without a port means the proxy's port
for scheme in http https; do
  QDRANT_URL=$scheme://host.example/qdrant "$SERVER" settings | grep -q "QDRANT_URL.*$scheme://host.example/qdrant" || exit 1
done
QDRANT_URL=https://host.example "$SERVER" settings | grep -q "QDRANT_URL.*https://host.example:6333"
