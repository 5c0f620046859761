#!/bin/sh
# Prints a Python 3.10: from PATH, else pyenv, else uv. Rasa 3.6 does not run on a newer one.
is_310() { [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

for candidate in "$(command -v python3.10)" "$(command -v python3)" "$(command -v python)"; do
    if is_310 "$candidate"; then echo "$candidate"; exit 0; fi
done
for root in "$PYENV_ROOT" "$HOME/.pyenv"; do
    for candidate in "$root"/versions/3.10*/bin/python; do
        if [ -x "$candidate" ] && is_310 "$candidate"; then echo "$candidate"; exit 0; fi
    done
done
if command -v uv >/dev/null 2>&1; then
    candidate=$(uv python find --quiet 3.10 2>/dev/null) || {
        uv python install --quiet 3.10 >/dev/null 2>&1
        candidate=$(uv python find --quiet 3.10 2>/dev/null)
    }
    if is_310 "$candidate"; then echo "$candidate"; exit 0; fi
fi
echo "Daozhen needs Python 3.10 (Rasa 3.6 does not run on a newer one). Install it, for example with \`pyenv install 3.10\` or \`uv python install 3.10\`, and run the same command again." >&2
exit 1
