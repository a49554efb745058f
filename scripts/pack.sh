#!/usr/bin/env bash
# Packs the libraries for .NET programs, each with its symbols. The .NET tool is packed by pack-tool.sh.
#
#   pack.sh [FOLDER]    where the packages go; default: artifacts/packages
#
# $VERSION sets the version, in place of the one in Directory.Build.props.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-artifacts/packages}
arguments=(--configuration Release --output "$folder" -p:ContinuousIntegrationBuild=true)
[ -z "${VERSION:-}" ] || arguments+=(-p:Version="$VERSION")

# What imports Package.props is a library of this kind.
grep --files-with-matches --fixed-strings 'Package.props' McpQdrant.*/McpQdrant.*.csproj | while read -r project; do
  dotnet pack "$project" "${arguments[@]}"
done
