#!/usr/bin/env python3
"""Packs a published folder as an archive, and for npm, PyPI and Claude Desktop, into artifacts/packages.

    dotnet publish McpQdrant.Server -r linux-x64 -o artifacts/linux-x64
    scripts/package.py linux-x64 artifacts/linux-x64 [OUT]

writes mcp-server-qdrant-VERSION-linux-x64.tar.gz (.zip for Windows), mcpqdrant-linux-x64-VERSION.tgz and mcp-server-qdrant-VERSION.tgz (npm:
the platform's package, and the one that people name), a wheel, and a bundle (.mcpb). Nothing is downloaded, and nothing in the packages
downloads anything. Needs Python alone.
"""
import base64
import hashlib
import io
import json
import pathlib
import re
import sys
import tarfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {".pdb", ".xml", ".dbg", ".dSYM"}
DESCRIPTION = "A lasting semantic memory for agents: an MCP server over Qdrant or an embedded store."

# What each registry calls a platform: npm's os, cpu and libc; the wheel's tag. They are those that ONNX Runtime's package has a library for,
# so neither musl nor Macs with Intel's processors.
PLATFORMS = {
    "linux-x64": ("linux", "x64", "glibc", "manylinux_2_35_x86_64"),
    "linux-arm64": ("linux", "arm64", "glibc", "manylinux_2_35_aarch64"),
    "osx-arm64": ("darwin", "arm64", None, "macosx_12_0_arm64"),
    "win-x64": ("win32", "x64", None, "win_amd64"),
    "win-arm64": ("win32", "arm64", None, "win_arm64"),
}

LAUNCHER = """#!/usr/bin/env node
// Starts the program of this platform, which is in a package of its own, and ends as it ends.
const { spawn } = require("node:child_process");

const system = { linux: "linux", darwin: "osx", win32: "win" }[process.platform];
const name = `@mcpqdrant/${system}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/mcp-server-qdrant${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`There is no package ${name} here. Install mcp-server-qdrant without --omit=optional, on a platform that it has.`);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", error => { console.error(error.message); process.exit(1); });
child.on("exit", (code, signal) => process.exit(signal ? 1 : code));
"""

STARTER = '''"""Starts the program in this package: an MCP server that is no Python."""
import os
import pathlib
import subprocess
import sys


def main():
    name = "mcp-server-qdrant.exe" if os.name == "nt" else "mcp-server-qdrant"
    program = str(pathlib.Path(__file__).parent / "bin" / name)
    if os.name == "nt":
        sys.exit(subprocess.call([program, *sys.argv[1:]]))
    os.execv(program, [program, *sys.argv[1:]])
'''


def version():
    return re.search(r"<Version>(.*)</Version>", (ROOT / "Directory.Build.props").read_text()).group(1)


def files_of(folder):
    """The files of the program, and whether each may be run."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in SKIPPED and not path.name.endswith(".staticwebassets.endpoints.json"):
            yield path.relative_to(folder).as_posix(), path.read_bytes(), path.stem == "mcp-server-qdrant"


def legal():
    for name in ("LICENSE", "NOTICE"):
        yield name, (ROOT / name).read_bytes(), False


def write_tgz(target, root, entries):
    with tarfile.open(target, "w:gz") as archive:
        for name, data, is_program in entries:
            info = tarfile.TarInfo(f"{root}/{name}")
            info.size, info.mode = len(data), 0o755 if is_program else 0o644
            archive.addfile(info, io.BytesIO(data))


def write_zip(target, entries):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, is_program in entries:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(info, data)


def encoded(value):
    return (json.dumps(value, indent=2) + "\n").encode()


def archive(out, rid, folder):
    name = f"mcp-server-qdrant-{version()}-{rid}"
    entries = [*files_of(folder), *legal()]
    if rid.startswith("win"):
        write_zip(out / f"{name}.zip", [(f"{name}/{file}", data, runs) for file, data, runs in entries])
    else:
        write_tgz(out / f"{name}.tar.gz", name, entries)


def npm(out, rid, folder):
    os_name, cpu, libc, _ = PLATFORMS[rid]
    package = {"name": f"@mcpqdrant/{rid}", "version": version(), "description": f"{DESCRIPTION} ({rid})", "license": "Apache-2.0",
               "repository": "github:mcpqdrant/mcp-server-qdrant", "os": [os_name], "cpu": [cpu], "preferUnplugged": True}
    if libc:
        package["libc"] = [libc]
    program = [(f"bin/{name}", data, runs) for name, data, runs in files_of(folder)]
    write_tgz(out / f"mcpqdrant-{rid}-{version()}.tgz", "package", [("package.json", encoded(package), False), *program, *legal()])

    main = {"name": "mcp-server-qdrant", "version": version(), "description": DESCRIPTION, "license": "Apache-2.0", "mcpName": "io.github.mcpqdrant/mcp-server-qdrant",
            "repository": "github:mcpqdrant/mcp-server-qdrant", "engines": {"node": ">=18"}, "bin": {"mcp-server-qdrant": "start.js"},
            "optionalDependencies": {f"@mcpqdrant/{one}": version() for one in PLATFORMS}}
    write_tgz(out / f"mcp-server-qdrant-{version()}.tgz", "package", [("package.json", encoded(main), False), ("start.js", LAUNCHER.encode(), True),
                                                                    ("README.md", (ROOT / "README.md").read_bytes(), False), *legal()])


def wheel(out, rid, folder):
    tag = f"py3-none-{PLATFORMS[rid][3]}"
    info = f"mcpqdrant-{version()}.dist-info"
    metadata = f"Metadata-Version: 2.4\nName: mcpqdrant\nVersion: {version()}\nSummary: {DESCRIPTION}\nLicense-Expression: Apache-2.0\nRequires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n"
    entries = [
        ("mcpqdrant/__init__.py", STARTER.encode(), False),
        ("mcpqdrant/__main__.py", b"from mcpqdrant import main\n\nmain()\n", False),
        *[(f"mcpqdrant/bin/{name}", data, runs) for name, data, runs in files_of(folder)],
        *[(f"{info}/licenses/{name}", data, runs) for name, data, runs in legal()],
        (f"{info}/METADATA", metadata.encode() + (ROOT / "README.md").read_bytes(), False),
        (f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: package.py\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), False),
        (f"{info}/entry_points.txt", b"[console_scripts]\nmcpqdrant = mcpqdrant:main\n", False),
    ]
    record = "".join(f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n" for name, data, _ in entries)
    write_zip(out / f"mcpqdrant-{version()}-{tag}.whl", [*entries, (f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode(), False)])


def bundle(out, rid, folder):
    os_name = PLATFORMS[rid][0]
    program = "server/mcp-server-qdrant" + (".exe" if os_name == "win32" else "")
    manifest = {
        "manifest_version": "0.3", "name": "mcp-server-qdrant", "display_name": "Memory (Qdrant)", "version": version(), "description": DESCRIPTION,
        "author": {"name": "The McpQdrant authors"}, "license": "Apache-2.0", "repository": {"type": "git", "url": "https://github.com/mcpqdrant/mcp-server-qdrant"},
        "server": {"type": "binary", "entry_point": program, "mcp_config": {
            "command": "${__dirname}/" + program, "args": ["--transport", "stdio"],
            "env": {"QDRANT_URL": "${user_config.qdrant_url}", "QDRANT_API_KEY": "${user_config.qdrant_api_key}", "COLLECTION_NAME": "${user_config.collection}"}}},
        "tools": [{"name": name} for name in ("qdrant-store", "qdrant-find", "qdrant-update", "qdrant-forget", "qdrant-collections")],
        "user_config": {
            "qdrant_url": {"type": "string", "title": "Qdrant's address", "description": "Empty: memories are kept in a folder of this machine.", "required": False, "default": ""},
            "qdrant_api_key": {"type": "string", "title": "Qdrant's key", "description": "Empty where it asks for none.", "sensitive": True, "required": False, "default": ""},
            "collection": {"type": "string", "title": "Collection", "description": "The collection that all tools use. Empty: each call names one.", "required": False, "default": ""}},
        "compatibility": {"platforms": [os_name]},
    }
    write_zip(out / f"mcp-server-qdrant-{version()}-{rid}.mcpb", [("manifest.json", encoded(manifest), False), *[(f"server/{name}", data, runs) for name, data, runs in files_of(folder)], *legal()])


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in PLATFORMS:
        sys.exit(f"usage: package.py RID FOLDER [OUT], where RID is one of {', '.join(PLATFORMS)}")
    rid, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if not any(name.startswith("mcp-server-qdrant") for name, _, runs in files_of(folder) if runs):
        sys.exit(f"There is no mcp-server-qdrant in {folder}. Publish it there first.")
    out = pathlib.Path(sys.argv[3]) if len(sys.argv) == 4 else ROOT / "artifacts" / "packages"
    out.mkdir(parents=True, exist_ok=True)
    for pack in (archive, npm, wheel, bundle):
        pack(out, rid, folder)
    print("\n".join(str(path) for path in sorted(out.iterdir())))


if __name__ == "__main__":
    main()
