#!/bin/bash
# Installs what is missing, builds the release preset and runs every test. Safe to run twice.
# The last line is `N passed, N failed`; the exit status is 1 if anything failed.
#   tests/run.sh [--no-install]
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/tools/phases.sh

if [ "${1:-}" != "--no-install" ]; then
  phase "Packages"
  tests/tools/install.sh
fi

phase "Layering"
check python3 tests/tools/layering.py

phase "Build (release)"
cmake --preset release >build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }
rm -f build-configure.log
if ! cmake --build --preset release; then
  echo "FAILED: the build"
  tally 0 1
  finish
  exit 1
fi

phase "Unit tests, fuzz corpus, plans, shell, benchmarks, examples"
run_ctest build/release -LE slt

if [ -d tests/slt ]; then
  runner=build/release/bin/slt_runner
  phase "SQL tests: 1x1"
  run_slt $runner --nodes 1 --slices 1 tests/slt
  phase "SQL tests: 2x2"
  run_slt $runner --nodes 2 --slices 2 tests/slt
  phase "SQL tests: 3x4"
  run_slt $runner --nodes 3 --slices 4 tests/slt
  phase "SQL tests: little memory"
  run_slt $runner --nodes 2 --slices 2 --memory 64MB tests/slt
  phase "SQL tests: prepared"
  idempotent="tests/slt/select tests/slt/types tests/slt/functions tests/slt/dml tests/slt/ddl tests/slt/copy"
  run_slt $runner --nodes 2 --slices 2 --prepared $idempotent
  phase "SQL tests: repeated"
  run_slt $runner --nodes 2 --slices 2 --repeated $idempotent
  phase "SQL tests: no optimizer"
  run_slt $runner --nodes 2 --slices 2 --set vesto_optimizer=off tests/slt
fi

finish
