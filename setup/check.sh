#!/bin/sh
# Everything that has to pass, in the order in which a mistake shows soonest. Any failing step ends it.
set -eu
cd "$(dirname "$0")/.."
export RASA_TELEMETRY_ENABLED=false OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SQLALCHEMY_SILENCE_UBER_WARNING=1
# rasa reads it from endpoints.yml; nothing is called in these steps.
export RASA_ACTIONS_URL="${RASA_ACTIONS_URL:-http://127.0.0.1:1/webhook}"
bin=.venv/bin
began=$(date +%s)
step() { printf '\n== %s (%s s)\n' "$1" "$(($(date +%s) - began))"; }
quietly() { "$@" >.venv/step.log 2>&1 || { tail -n 40 .venv/step.log >&2; exit 1; }; }

step "format";           $bin/ruff format --check --quiet .
step "lint";             $bin/ruff check --quiet .
step "types";            $bin/mypy
step "import contracts"; quietly $bin/lint-imports
step "YAML";             $bin/yamllint --strict content domain data ./*.yml
step "content and texts in five languages"; $bin/daozhen check
step "training data";    quietly $bin/rasa data validate --fail-on-warnings --domain domain --data data
step "model";            $bin/daozhen train
step "the gate of releases"; quietly $bin/daozhen release --check
step "dialogue";         quietly $bin/rasa test core --fail-on-prediction-errors --model models --stories tests/conversations/rasa --out .venv/rasa-test
# What fails is tried once more, and named at the end: a test that needed it has a race to be mended (CONTRIBUTING.md), in it or in us.
tests="$bin/python -m pytest -q --disable-warnings -p no:cacheprovider --reruns 1 -rfER"

step "unit, property and conversation tests"
$tests -n 4 --dist worksteal -m "not slow" --ignore=tests/end_to_end --ignore=tests/desk_pages --ignore=tests/studio_pages --ignore=tests/system tests
step "end to end: a real browser"
$tests -n 2 --dist loadfile tests/end_to_end
$tests -n 2 --dist loadfile tests/desk_pages
$tests -n 2 --dist loadfile tests/studio_pages
step "the real processes, together"
$tests -n 2 --dist loadfile -m "slow and not storm" --ignore=tests/end_to_end --ignore=tests/desk_pages --ignore=tests/studio_pages tests
step "done"
