#!/usr/bin/env python3
# Nothing is remembered where Qdrant's answer does not prove it
from client import Client, contains, stand_in

embeddings = {
    "EMBEDDING_PROVIDER": "openai", "EMBEDDING_MODEL": "m", "EMBEDDING_DIMENSIONS": "4", "EMBEDDING_API_KEY": "k",
    "EMBEDDING_URL": f"http://127.0.0.1:{stand_in('embeddings')}/v1",
}
for answer in ('null', 'false', '{}', '{"status":"acknowledged"}', '{"status":"clock_rejected"}', '{"status":"wait_timeout"}'):
    client = Client("", QDRANT_URL=f"http://127.0.0.1:{stand_in('qdrant', answer)}", **embeddings)
    said = client.call("qdrant-store", collection_name="good", information="x")
    assert said.failed, f"{answer}: {said.text}"
    contains(said.text, "Qdrant at http://127.0.0.1")
