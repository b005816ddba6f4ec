#!/bin/bash
# Runs this test suite in a virtual environment of its own: examples/etl/run.sh [FOLDER FOR IT]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
environment=${1:-$here/../../build/etl}
if [ ! -x "$environment/bin/pytest" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
fi
exec "$environment/bin/pytest" -q -p no:cacheprovider "$here"
