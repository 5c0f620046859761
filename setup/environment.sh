#!/bin/sh
# Makes .venv from a lock: `setup/environment.sh run` (to run it) or `dev` (to test it too).
# Does nothing when the environment is already made from the same files.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: setup/environment.sh run|dev" >&2; exit 2 ;;
esac
fingerprint() { echo "$1 $(cat "$2" setup/uv.lock pyproject.toml packaging/tensorflow_light/*/*.toml packaging/tensorflow_light/core/*/*.py 2>/dev/null | cksum)"; }
wanted=$(fingerprint "$kind" "$lock")
made=$(cat .venv/.made 2>/dev/null || true)
[ "$made" = "$wanted" ] && exit 0
# The environment of the tests holds all that running needs: `make run` after `make test` installs nothing.
[ "$kind" = run ] && [ "$made" = "$(fingerprint dev requirements-dev.lock)" ] && exit 0

python=$(sh setup/find-python.sh) || exit 1
if ! [ -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    echo "Making the virtual environment .venv with $("$python" --version) …"
    rm -rf .venv
    "$python" -m venv .venv || {
        echo "The virtual environment cannot be made here. Check that this folder is writable and that Python's venv module is installed (Debian: python3-venv)." >&2
        exit 1
    }
fi
rm -f .venv/.made
echo "Installing from $lock (once; half a minute to a few minutes) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/uv.lock 2>.venv/pip.log || {
    cat .venv/pip.log >&2
    echo "uv could not be installed. Check the network and the package registry settings of pip, and run the same command again." >&2
    exit 1
}
.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes "$lock" || {
    echo "The packages could not be installed. Check the network and the package registry settings, and run the same command again." >&2
    exit 1
}
.venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-deps --no-build-isolation \
    ./packaging/tensorflow_light/core ./packaging/tensorflow_light/text ./packaging/tensorflow_light/hub ./packaging/tensorflow_light/io \
    --editable .
echo "$wanted" > .venv/.made
