#!/bin/sh
# Replaces the light TensorFlow by the real one, for configurations with DIET, TED or a ResponseSelector.
set -eu
cd "$(dirname "$0")/.."
echo "Installing TensorFlow (about 2 GB) …"
.venv/bin/uv pip uninstall --quiet --python .venv/bin/python tensorflow tensorflow-text tensorflow-hub tensorflow-io-gcs-filesystem
.venv/bin/uv pip install --quiet --python .venv/bin/python --constraint requirements-dev.lock \
    "tensorflow==2.12.0" "tensorflow-text==2.12.0; platform_machine == 'x86_64'" "tensorflow-hub==0.13.0"
# The next `make run` or `make test` must not take this for the light environment.
rm -f .venv/.made
echo "Done. Use .venv/bin/rasa and .venv/bin/daozhen directly; \`make run\` goes back to the light environment."
