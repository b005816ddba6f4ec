#!/bin/bash
# Installs the Debian packages that building and testing need, if any is missing. Safe to run twice;
# says nothing when everything is there.
#   tests/tools/install.sh build  what the build needs
#   tests/tools/install.sh        and what the tests need: the clients of the endpoint
#   tests/tools/install.sh ci     and what only CI needs: Clang with its sanitizers
set -euo pipefail

packages=(
  # tools
  g++ cmake ninja-build pkg-config ccache git python3 python3-venv
  # libraries: lib/README.md says what each is for
  libabsl-dev zlib1g-dev libbz2-dev libzstd-dev liblz4-dev libxxhash-dev libutf8proc-dev
  libre2-dev libpcre2-dev libssl-dev libfast-float-dev libsimdjson-dev libxsimd-dev
  libroaring-dev tzdata
  # endpoint
  libasio-dev libtomlplusplus-dev
  # shell
  libcli11-dev libedit-dev
  # tests and benchmarks
  catch2 libbenchmark-dev
)
if [ "${1:-}" != "build" ]; then
  # Beside what comes from PyPI, npm and Maven: see tests/clients/packages.py.
  packages+=(postgresql-client odbc-postgresql unixodbc libpostgresql-jdbc-java
    openjdk-17-jdk-headless maven)
  # Node is often there from elsewhere, with npm in it.
  command -v npm >/dev/null || packages+=(nodejs npm)
fi
if [ "${1:-}" = "ci" ]; then
  packages+=(clang-16 libclang-rt-16-dev)
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "install: not a Debian system; make sure that these are installed: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [[ "$state" != *installed* || "$state" == *not-installed* ]]; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install: run this as root, or install sudo; missing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    "${missing[@]}" >"$log" 2>&1
}
# The package lists of a fresh machine may be absent or old; refresh them only when needed.
if ! install; then
  if ! "${as_root[@]}" apt-get update >"$log" 2>&1 || ! install; then
    cat "$log" >&2
    exit 1
  fi
fi
