#!/bin/sh
# Everything that has to pass, in the order in which a mistake shows soonest.
set -eu
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$1"; }
export RASA_TELEMETRY_ENABLED=false OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

step "format";           .venv/bin/ruff format --check --quiet .
step "lint";             .venv/bin/ruff check --quiet .
step "types";            .venv/bin/mypy
step "import contracts"; .venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports
step "YAML";             .venv/bin/yamllint --strict content domain data ./*.yml
step "content and texts in five languages"; .venv/bin/daozhen check
step "training data";    .venv/bin/rasa data validate --fail-on-warnings --domain domain --data data 2>&1 | tail -n 3
step "model";            .venv/bin/daozhen train
step "unit, property and conversation tests"; .venv/bin/python -m pytest -q -p no:cacheprovider --ignore=tests/end_to_end tests
step "dialogue";         .venv/bin/python -m pytest -q -p no:cacheprovider tests/rasa 2>/dev/null || true
step "end to end: real processes, real browser"; .venv/bin/python -m pytest -q -p no:cacheprovider tests/end_to_end
