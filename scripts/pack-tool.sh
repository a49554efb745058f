#!/usr/bin/env bash
# Packs the .NET tool into artifacts/packages.
#
#   pack-tool.sh        the package that points to the others
#   pack-tool.sh RID    the native package for a platform, on a machine of that platform: linux-x64, linux-arm64, osx-arm64,
#                       win-x64, win-arm64
#
# $VERSION sets the version, in place of the one in Directory.Build.props.
set -euo pipefail
cd "$(dirname "$0")/.."

arguments=(--output artifacts/packages -p:ContinuousIntegrationBuild=true)
[ -z "${VERSION:-}" ] || arguments+=(-p:Version="$VERSION")
case ${1:-any} in
  any) ;;
  *) arguments+=(--runtime "$1") ;;
esac
dotnet pack McpQdrant.Server "${arguments[@]}"
