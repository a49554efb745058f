#!/usr/bin/env bash
# An input that is closed, or no input, is told in a sentence and by the exit code
set -euo pipefail; . scripts/faults/lib.sh
for input in '<&-' '</' '0>/dev/null'; do
  code=0
  said=$(eval "timeout 60 '$SERVER' $input" 2>&1) || code=$?
  matches "$said" 'Standard input (is closed|can.t be read)'
  matches "$code" '^1$'
done
