# Finds a Python that we run on, and has it make .venv with what is pinned: sh tools/setup.sh run|dev
# Quick when nothing changed.
set -eu

fits='import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))'

if [ -n "${PYTHON:-}" ]; then
    if ! "$PYTHON" -c "$fits" 2>/dev/null; then
        echo "PYTHON=$PYTHON is no Python 3.11 or 3.12 that can make virtual environments." >&2
        exit 1
    fi
    exec "$PYTHON" tools/venv.py "$1"
fi

for candidate in .venv/bin/python python3.11 python3.12 python3 \
    "${HOME:-/root}"/.pyenv/versions/3.1[12].*/bin/python3 /usr/local/bin/python3.1[12] /opt/homebrew/bin/python3.1[12]; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$fits" 2>/dev/null; then
        exec "$candidate" tools/venv.py "$1"
    fi
done

cat >&2 <<'WORDS'
No Python 3.11 or 3.12 that can make virtual environments was found.
Install one (on Debian: apt install python3.11 python3.11-venv), or name it: make run PYTHON=/path/to/python3.12
WORDS
exit 1
