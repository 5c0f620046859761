#!/bin/sh
# Writes the two locks anew from pyproject.toml. The result holds names, versions and hashes only.
set -eu
cd "$(dirname "$0")/.."
compile() {
    out=$1; shift
    .venv/bin/uv pip compile --quiet --python-version 3.10 --universal --override packaging/overrides.txt \
        --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@" -o "$out" pyproject.toml
}
compile requirements.lock
compile requirements-dev.lock --extra dev --constraint requirements.lock
echo "uv==$(.venv/bin/uv --version | cut -d' ' -f2)" |
    .venv/bin/uv pip compile --quiet --python-version 3.10 --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -o setup/uv.lock -
