#!/usr/bin/env python3
"""Makes what a release has beside its packages, of the packages themselves.

    scripts/package.py RID FOLDER artifacts/packages    (for each platform)
    scripts/release.py artifacts/packages

writes SHA256SUMS, a Homebrew formula (mcp-server-qdrant.rb), manifests for winget (winget/) and server.json, for the MCP registry, with all packages.
It refuses to when a platform's packages are not there. Needs Python alone.
"""
import hashlib
import json
import pathlib
import sys

from package import DESCRIPTION, PLATFORMS, ROOT, version

HOMEPAGE = "https://github.com/mcpqdrant/mcp-server-qdrant"
DOWNLOADS = f"{HOMEPAGE}/releases/download/v{version()}"
WINGET = {"win-x64": "x64", "win-arm64": "arm64"}
WINGET_SCHEMA = "1.12.0"


def archive(rid):
    return f"mcp-server-qdrant-{version()}-{rid}.{'zip' if rid.startswith('win') else 'tar.gz'}"


def bundle(rid):
    return f"mcp-server-qdrant-{version()}-{rid}.mcpb"


def checksums(folder):
    names = [f"mcpqdrant-{version()}-py3-none-{tag}.whl" for *_, tag in PLATFORMS.values()]
    names += [make(rid) for rid in PLATFORMS for make in (archive, bundle)]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        sys.exit(f"A release needs all platforms, and these are not in {folder}: {', '.join(missing)}. Make them by package.py.")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(names)}


def formula(sums):
    def on(architecture, rid):
        return f"""    on_{architecture} do
      url "{DOWNLOADS}/{archive(rid)}"
      sha256 "{sums[archive(rid)]}"
    end
"""
    return f"""class McpServerQdrant < Formula
  desc "Lasting semantic memory for agents, in Qdrant or an embedded store"
  homepage "{HOMEPAGE}"
  version "{version()}"
  license "Apache-2.0"

  on_macos do
{on("arm", "osx-arm64")}  end

  on_linux do
{on("arm", "linux-arm64")}{on("intel", "linux-x64")}  end

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"mcp-server-qdrant"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/mcp-server-qdrant --version")
  end
end
"""


def winget(sums):
    head = lambda kind: (f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{WINGET_SCHEMA}.schema.json\n"
                         f"PackageIdentifier: McpQdrant.McpServerQdrant\nPackageVersion: {version()}\n")
    end = lambda kind: f"ManifestType: {kind}\nManifestVersion: {WINGET_SCHEMA}\n"
    installers = "".join(f"""- Architecture: {architecture}
  InstallerUrl: {DOWNLOADS}/{archive(rid)}
  InstallerSha256: {sums[archive(rid)].upper()}
  NestedInstallerFiles:
  - RelativeFilePath: {archive(rid).removesuffix('.zip')}\\mcp-server-qdrant.exe
    PortableCommandAlias: mcp-server-qdrant
""" for rid, architecture in WINGET.items())
    name = "McpQdrant.McpServerQdrant"
    return {
        f"{name}.yaml": f"{head('version')}DefaultLocale: en-US\n{end('version')}",
        f"{name}.installer.yaml": f"{head('installer')}InstallerType: zip\nNestedInstallerType: portable\nArchiveBinariesDependOnPath: true\nInstallers:\n{installers}{end('installer')}",
        f"{name}.locale.en-US.yaml": f"{head('defaultLocale')}PackageLocale: en-US\nPublisher: The McpQdrant authors\nPackageName: mcp-server-qdrant\nPackageUrl: {HOMEPAGE}\n"
                                     f"License: Apache-2.0\nLicenseUrl: {HOMEPAGE}/blob/v{version()}/LICENSE\nShortDescription: '{DESCRIPTION}'\n{end('defaultLocale')}",
    }


def registry(sums):
    """The repository's server.json and, with the settings of the .NET tool, what else there is to start the server by."""
    description = json.loads((ROOT / "server.json").read_text())
    tool = next(package for package in description["packages"] if package["registryType"] == "nuget")
    common = {name: tool[name] for name in ("transport", "packageArguments", "environmentVariables")}
    description["packages"] += [
        {"registryType": "npm", "registryBaseUrl": "https://registry.npmjs.org", "identifier": "mcp-server-qdrant", "version": version(), "runtimeHint": "npx", **common},
        {"registryType": "pypi", "registryBaseUrl": "https://pypi.org", "identifier": "mcpqdrant", "version": version(), "runtimeHint": "uvx", **common},
        *[{"registryType": "mcpb", "identifier": f"{DOWNLOADS}/{bundle(rid)}", "fileSha256": sums[bundle(rid)], "transport": {"type": "stdio"}} for rid in PLATFORMS],
    ]
    return description


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: release.py FOLDER, with what package.py made for each platform")
    folder = pathlib.Path(sys.argv[1])
    sums = checksums(folder)
    (folder / "winget").mkdir(exist_ok=True)
    files = {
        "SHA256SUMS": "".join(f"{value}  {name}\n" for name, value in sums.items()),
        "mcp-server-qdrant.rb": formula(sums),
        "server.json": json.dumps(registry(sums), indent=2) + "\n",
        **{f"winget/{name}": text for name, text in winget(sums).items()},
    }
    for name, text in files.items():
        (folder / name).write_text(text)
        print(folder / name)


if __name__ == "__main__":
    main()
