"""An MCP client of a few lines for the inputs, and what it is asked to remember."""
import atexit, json, os, subprocess, sys, tempfile


class Client:
    """A server over stdio, in a folder or in memory, with settings as given."""

    def __init__(self, folder=":memory:", **settings):
        environment = dict(os.environ, QDRANT_LOCAL_PATH=folder, **settings)
        self.process = subprocess.Popen([os.environ["SERVER"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.last = 0
        self.request("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "faults", "version": "1"}})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def begin(self, method, params):
        self.last += 1
        self.send({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params})

    def read(self):
        while "id" not in (answer := json.loads(self.process.stdout.readline())):
            pass
        return answer["result"]

    def request(self, method, params):
        self.begin(method, params)
        return self.read()

    def begin_call(self, tool, arguments):
        self.begin("tools/call", {"name": tool, "arguments": {"collection_name": "c", **arguments}})

    def call(self, tool, **arguments):
        self.begin_call(tool, arguments)
        return Result(self.read())

    def store(self, text, **arguments):
        return self.call("qdrant-store", information=text, **arguments)["id"]

    def find(self, query, **arguments):
        return self.call("qdrant-find", query=query, **arguments)

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def close(self):
        self.process.stdin.close()
        return self.process.wait(60)


class Result:
    """What a tool answered: structure by key, text as a whole."""

    def __init__(self, result):
        self.failed = result.get("isError", False)
        self.structure = result.get("structuredContent", {})
        self.text = "\n".join(part["text"] for part in result["content"])

    def __getitem__(self, key):
        assert not self.failed, self.text
        return self.structure[key]

    @property
    def found(self):
        return [hit["content"] for hit in self["results"]]


def stand_in(*kind):
    """A server of stand-in.py, which ends with this program; its port."""
    process = subprocess.Popen([sys.executable, "scripts/faults/stand-in.py", *kind], stdout=subprocess.PIPE)
    atexit.register(process.kill)
    return int(process.stdout.readline())


def folder():
    return tempfile.mkdtemp()


def equal(actual, expected):
    assert actual == expected, f"{actual!r} and not {expected!r}"


def contains(text, part):
    assert part in text, f"{part!r} is not in {text[:600]!r}"


def lacks(text, part):
    assert part not in text, f"{part!r} is in {text[:600]!r}"
