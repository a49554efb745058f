#!/bin/sh
# Installs mcp-server-qdrant for whoever calls it, on Linux and macOS; no rights of root.
#
#   curl -fsSL https://github.com/mcpqdrant/mcp-server-qdrant/releases/latest/download/install.sh | sh
#   sh install.sh [--version 1.0.0] [--uninstall]
#
# The archive of this platform is downloaded, compared with the release's SHA256SUMS (and that file with its signature, where cosign is
# installed), unpacked into ~/.local/lib/mcp-server-qdrant and linked from ~/.local/bin. Memories are not touched, nor by --uninstall.
# MCP_SERVER_QDRANT_RELEASES names a mirror of the releases, MCP_SERVER_QDRANT_BIN another folder for the link.
set -eu

releases=${MCP_SERVER_QDRANT_RELEASES:-https://github.com/mcpqdrant/mcp-server-qdrant/releases}
programs=$HOME/.local/lib/mcp-server-qdrant
bin=${MCP_SERVER_QDRANT_BIN:-$HOME/.local/bin}

fail() { echo "install.sh: $*" >&2; exit 1; }
case $releases in https://*) protocols='=https' ;; *) protocols='=https,http' ;; esac
download() { curl --proto "$protocols" --fail --silent --show-error --location --retry 3 --output "$2" "$1" || fail "$1 can't be downloaded."; }

platform() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-amd64) rid=linux-x64 ;;
    Linux-aarch64 | Linux-arm64) rid=linux-arm64 ;;
    Darwin-arm64) rid=osx-arm64 ;;
    *) fail "There is no program for $(uname -s) on $(uname -m). The image runs wherever Docker or Podman does: docs/images.md." ;;
  esac
  if [ "$(uname -s)" = Linux ] && { ldd --version 2>&1 || true; } | grep -qi musl; then
    fail "There is no program for Linux with musl. The image runs wherever Docker or Podman does: docs/images.md."
  fi
}

sum_of() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

# SHA256SUMS is signed by the release workflow, without a key of its own.
check_signature() {
  command -v cosign >/dev/null || { echo "cosign is not installed, so the checksums' signature is not checked."; return 0; }
  download "$from/SHA256SUMS.sigstore.json" "$work/SHA256SUMS.sigstore.json"
  cosign verify-blob --bundle "$work/SHA256SUMS.sigstore.json" --certificate-oidc-issuer https://token.actions.githubusercontent.com \
    --certificate-identity-regexp '^https://github\.com/mcpqdrant/mcp-server-qdrant/\.github/workflows/release\.yml@refs/tags/v' "$work/SHA256SUMS" >&2 \
    || fail "The signature of SHA256SUMS is wrong. Nothing was installed."
}

uninstall() {
  if [ -L "$bin/mcp-server-qdrant" ]; then
    case $(readlink "$bin/mcp-server-qdrant") in "$programs"/*) rm "$bin/mcp-server-qdrant" ;; esac
  fi
  rm -rf "$programs"
  echo "mcp-server-qdrant is gone from $programs and $bin. Memories stay where they are."
}

install() {
  command -v curl >/dev/null || fail "It needs curl."
  platform
  if [ -n "$version" ]; then from=$releases/download/v$version; else from=$releases/latest/download; fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  check_signature
  line=$(grep -E "^[0-9a-f]{64}  mcp-server-qdrant-[0-9][0-9A-Za-z.+-]*-$rid\.tar\.gz$" "$work/SHA256SUMS") || fail "The release has no archive for $rid."
  archive=${line#*  }
  name=${archive%.tar.gz}
  download "$from/$archive" "$work/$archive"
  [ "$(sum_of "$work/$archive")" = "${line%%  *}" ] || fail "The checksum of $archive is wrong. Nothing was installed."

  tar -xzf "$work/$archive" -C "$work"
  [ -x "$work/$name/mcp-server-qdrant" ] || fail "There is no program in $archive."
  mkdir -p "$programs" "$bin"
  rm -rf "${programs:?}/$name.new"
  mv "$work/$name" "$programs/$name.new"
  rm -rf "${programs:?}/$name"
  mv "$programs/$name.new" "$programs/$name"
  ln -sfn "$programs/$name/mcp-server-qdrant" "$bin/mcp-server-qdrant"
  for old in "$programs"/*; do
    [ "$old" = "$programs/$name" ] || rm -rf "$old"
  done
  echo "Installed $("$bin/mcp-server-qdrant" --version) as $bin/mcp-server-qdrant."
  case :$PATH: in *":$bin:"*) ;; *) echo "$bin is not in the PATH: add it, or name the program by its whole path." ;; esac
  echo "Next: mcp-server-qdrant install claude-code (or cursor, vscode, codex, gemini, zed, claude-desktop)."
}

version=
action=install
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=${2:?--version takes a version, such as 1.0.0}; version=${version#v}; shift ;;
    --uninstall) action=uninstall ;;
    *) fail "There is no argument '$1'. It takes --version and --uninstall." ;;
  esac
  shift
done
$action
