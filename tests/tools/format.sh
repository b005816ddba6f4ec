#!/bin/bash
# Formats every C++ file with clang-format; with --check as the second word, only complains.
#   tests/tools/format.sh [clang-format] [--check]
set -euo pipefail
cd "$(dirname "$0")/../.."
formatter=${1:-clang-format-19}
mode=-i
if [ "${2:-}" = "--check" ]; then mode="--dry-run --Werror"; fi
# shellcheck disable=SC2086
git ls-files -co --exclude-standard '*.h' '*.cc' | xargs -r -n 50 "$formatter" $mode
