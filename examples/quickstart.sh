#!/bin/bash
# From a fresh machine to a running cluster: installs what is missing, builds the release preset, and
# runs quickstart.sql in the shell on 2 compute nodes x 2 slices. Safe to run twice; the second run
# takes seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== Packages"
tests/tools/install.sh build

echo "== Building build/release/bin/vesto (minutes the first time, seconds after)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --preset release >"$log" 2>&1 || { cat "$log"; exit 1; }
NINJA_STATUS="[%f/%t, %es] " cmake --build --preset release --target vesto_shell

echo "== Running examples/quickstart.sql"
# A production COPY names s3://; the mount answers from a folder, and the statement runs unchanged.
build/release/bin/vesto --nodes 2 --slices 2 --mount s3://landing=examples/data/flights \
  -q -v ON_ERROR_STOP=1 -f examples/quickstart.sql
