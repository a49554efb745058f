"""Servers that the inputs need, on a free port of this machine: prints the port, and then a line for each request.

    stand-in.py qdrant [RESULT]   as much of Qdrant as a find and a listing need, with an odd collection beside the good one; RESULT: of every write
    stand-in.py embeddings  OpenAI's embeddings, vectors of size 4
    stand-in.py redirect URL   sends every request there, with 307
    stand-in.py count      answers 200 to anything, and appends what it is sent to the file of COUNTED
"""
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KIND = sys.argv[1]
VECTORS = {"config": {"params": {"vectors": {"dense": {"size": 4, "distance": "Cosine"}}}}, "points_count": 1}
ODD = {"config": {"params": {"vectors": {"x": {"size": 99999999999, "distance": "Hamming"}}}, "metadata": [1]}, "points_count": "many"}


def qdrant(method, path):
    if path == "/":
        return {"title": "qdrant", "version": "1.18.3"}
    if path == "/collections":
        return {"result": {"collections": [{"name": name} for name in ("good", "odd", "broken", "a/b", "")]}}
    if method == "PUT" or "/points/delete" in path or "/points/batch" in path:
        return {"result": json.loads(sys.argv[2])}
    if path.endswith("/points"):
        return {"result": []}
    if path.endswith("/count"):
        return {"result": {"count": 1}}
    if path.startswith("/collections/broken"):
        return None
    if path.endswith("/scroll"):
        return {"result": {"points": [{"id": 1, "payload": {"document": "tea"}}, {"id": 2, "payload": None}]}}
    if "/points/query" in path:
        hit = {"points": [{"id": 1, "score": 0.9, "payload": {"document": "tea", "stored_at": 7, "metadata": [1]}}, {"id": 2, "score": None}]}
        return {"result": [hit] if path.endswith("/batch") else hit}
    return {"result": ODD if "/odd" in path else VECTORS}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        print(self.command, self.path, flush=True)
        status, reply, headers = 200, {}, {}
        if KIND == "qdrant":
            reply = qdrant(self.command, self.path)
            if reply is not None and "result" in reply:
                reply["status"] = "ok"
            if reply is None:
                status, reply = 500, {"status": {"error": "Service internal error: shard is dead"}}
        elif KIND == "embeddings":
            texts = json.loads(body)["input"]
            data = [{"object": "embedding", "index": at, "embedding": [1, 0, 0, 0]} for at in range(len(texts) if isinstance(texts, list) else 1)]
            reply = {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        elif KIND == "redirect":
            status, headers = 307, {"Location": sys.argv[2] + self.path}
        elif KIND == "count":
            with open(os.environ["COUNTED"], "ab") as counted:
                counted.write(body + b"\n")
        content = json.dumps(reply).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_CONNECT = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
