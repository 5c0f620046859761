#!/bin/sh
# Everything that has to pass. Any failing step ends it, with its name and its last lines.
# The machine of CI has two cores: what needs one core runs beside what else needs one, in lanes that write into files of their own.
set -eu
cd "$(dirname "$0")/.."
export RASA_TELEMETRY_ENABLED=false OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SQLALCHEMY_SILENCE_UBER_WARNING=1
# rasa reads it from endpoints.yml; nothing is called in these steps.
export RASA_ACTIONS_URL="${RASA_ACTIONS_URL:-http://127.0.0.1:1/webhook}"
# Containers often forbid it: every process would translate all sources anew, and every worker of pytest every test.
unset PYTHONDONTWRITEBYTECODE
bin=.venv/bin
logs=.venv/check
rm -rf "$logs" && mkdir -p "$logs"
began=$(date +%s)
lanes=""
pages="tests/end_to_end tests/desk_pages tests/studio_pages"
not_here="--ignore=tests/system $(printf -- '--ignore=%s ' $pages)"

stage() { printf '\n== %s (%s s)\n' "$1" "$(($(date +%s) - began))"; }

# step NAME COMMAND…: in a lane, says that it passed and when. What it prints is shown when it fails.
step() {
    name=$1
    shift
    log="$logs/$(echo "$name" | tr -c 'a-z\n' '-').log"
    if "$@" >"$log" 2>&1; then
        printf '   %s: passed (%s s)\n' "$name" "$(($(date +%s) - began))"
    else
        printf '\n== FAILED: %s\n%s\n' "$name" "$(tail -n 60 "$log")" >&2
        return 1
    fi
}

# beside LANE: runs a function in a lane of its own; `together` waits for all, and ends everything when one failed.
beside() {
    (set -e; "$1") &
    lanes="$lanes $!"
}
together() {
    failed=""
    for lane in $lanes; do wait "$lane" || failed=yes; done
    lanes=""
    [ -z "$failed" ] || exit 1
}
# What runs beside does not hear Ctrl-C.
trap 'trap "" TERM; kill 0; exit 130' INT TERM

types() {
    step "types" $bin/mypy
    step "import contracts" $bin/lint-imports
    # Once, before several workers do it side by side: pytest rewrites what tests assert, and keeps that.
    step "tests are found" $bin/python -m pytest -q --collect-only -p no:cacheprovider -m "not slow" $not_here tests
}
content_and_model() {
    step "content and texts in five languages" $bin/daozhen check
    step "model" $bin/daozhen train
}
gate() {
    step "the gate of releases" $bin/daozhen release --check
}
dialogue() {
    step "training data" $bin/rasa data validate --fail-on-warnings --domain domain --data data
    step "dialogue" $bin/rasa test core --fail-on-prediction-errors --model models --stories tests/conversations/rasa --out .venv/rasa-test
}

stage "format, lint, YAML"
$bin/ruff format --check --quiet .
$bin/ruff check --quiet .
$bin/yamllint --strict content domain data ./*.yml
stage "types, beside content and model"
beside types; beside content_and_model; together
stage "the gate, beside training data and dialogue"
beside gate; beside dialogue; together

# What fails is tried twice more, and named at the end: a test that needed it has a race to be mended (CONTRIBUTING.md), in it or in us.
tests="$bin/python -m pytest -q --disable-warnings -p no:cacheprovider --reruns 2 -rfER"
# Reading eleven thousand tests to run two hundred of them takes longer than some of them.
slow=$(grep -rl --include='test_*.py' 'mark\.slow' tests | grep -vE '^tests/(end_to_end|desk_pages|studio_pages)/')

stage "unit, property and conversation tests"
$tests -n 6 --dist worksteal -m "not slow" $not_here tests
stage "pages in a real browser"
# First the one that builds a release while patients write: at the end everybody would wait for it.
$tests -n 3 --dist loadfile --no-loadscope-reorder tests/studio_pages/test_whole_loop.py $pages
stage "the real processes, together"
$tests -n 3 --dist loadfile -m "slow and not storm" $slow
stage "done"
