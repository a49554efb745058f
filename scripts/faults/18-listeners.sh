#!/usr/bin/env bash
# Variables of the framework open no listener past the settings
set -euo pipefail; . scripts/faults/lib.sh
for name in Kestrel__Endpoints__X__Url ASPNETCORE_Kestrel__Endpoints__X__Url DOTNET_Kestrel__Endpoints__X__Url; do
  serve "$name=http://0.0.0.0:18799"
  ! curl -s -m 5 -o /dev/null http://127.0.0.1:18799/alive || { echo "$name opened a listener"; exit 1; }
done
