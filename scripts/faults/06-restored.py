#!/usr/bin/env python3
# A restored copy is written ahead again, for its owner alone, beside a reader
import os, sqlite3, stat, time
from client import Client, equal, folder

where = folder()
client = Client(where)
client.store("cat")
client.close()
file = os.path.join(where, "memories.db")
sqlite3.connect(file).execute(f"VACUUM INTO '{file}.copy'")
os.replace(file + ".copy", file)
for rest in (file + "-wal", file + "-shm"):
    if os.path.exists(rest):
        os.remove(rest)
client = Client(where)
client.find("cat")
reader = sqlite3.connect(file)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM memories").fetchone()
begun = time.monotonic()
client.store("dog")
assert time.monotonic() - begun < 5
equal(sqlite3.connect(file).execute("PRAGMA journal_mode").fetchone()[0], "wal")
equal(stat.S_IMODE(os.stat(file).st_mode), 0o600)
