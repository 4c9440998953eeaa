#!/bin/sh
# Makes .venv at the root from the lock file. Needs Python 3.11 or newer; brings uv along in .tools when the machine has none.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
PYTHON=${PYTHON:-}

say() { printf '%s\n' "$*" >&2; }

for candidate in "$PYTHON" python3.11 python3.12 python3.13 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        # The interpreter itself: a name that only leads to it would look like another one to uv, which would start anew.
        PYTHON=$("$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))')
        break
    fi
    PYTHON=
done
if [ -z "$PYTHON" ]; then
    say "Sucharit needs Python 3.11, 3.12 or 3.13. Install it (Debian: apt-get install python3) and run the command again."
    exit 1
fi

find_uv() {
    if [ -x .tools/bin/uv ]; then UV=.tools/bin/uv; return 0; fi
    if command -v uv >/dev/null 2>&1; then UV=$(command -v uv); return 0; fi
    return 1
}

install_uv() {
    # A private environment only for uv: the system's Python is not touched.
    rm -rf .tools
    if "$PYTHON" -m venv .tools >/dev/null 2>&1 && .tools/bin/python -m pip install --quiet --quiet "uv==$UV_VERSION"; then return 0; fi
    rm -rf .tools
    if "$PYTHON" -m pip --version >/dev/null 2>&1 &&
        "$PYTHON" -m pip install --quiet --target .tools "uv==$UV_VERSION"; then return 0; fi
    rm -rf .tools
    # Debian ships venv apart from Python; root may add that package, nobody else needs to.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Adding Debian's python3-venv, which this Python lacks."
        (apt-get update -qq && apt-get install -y -qq python3-venv) >/dev/null 2>&1 || true
        if "$PYTHON" -m venv .tools && .tools/bin/python -m pip install --quiet --quiet "uv==$UV_VERSION"; then return 0; fi
        rm -rf .tools
    fi
    return 1
}

if ! find_uv; then
    say "Setting up (once): fetching uv $UV_VERSION into .tools"
    if ! install_uv || ! find_uv; then
        say "uv could not be installed. Check the network, or install it yourself (Debian: apt-get install python3-venv), and run the command again."
        exit 1
    fi
fi

# What was installed stays while neither the lock file nor the interpreter changes: whoever runs the service from this
# environment must not find it half-made because somebody started the tests.
WANTED=$("$PYTHON" - "$PWD" "$PYTHON" "$@" <<'PY'
import hashlib, sys
parts = [open(name, "rb").read() for name in ("uv.lock", "pyproject.toml")] + [" ".join(sys.argv[1:]).encode()]
print(hashlib.sha256(b"\0".join(parts)).hexdigest())
PY
)
if [ -x .venv/bin/python ] && [ "$(cat .venv/.installed 2>/dev/null || true)" = "$WANTED" ]; then exit 0; fi

if ! "$UV" sync --quiet --frozen --compile-bytecode --python "$PYTHON" "$@"; then
    say "The packages could not be installed. Check the network and the disk space, and run the command again; nothing else was changed."
    exit 1
fi
printf '%s\n' "$WANTED" > .venv/.installed
