#!/bin/sh
# Makes .venv and installs the hashed lock into it: `requirements/install.sh base` to run, `dev` to test as well.
# The Makefile calls it before everything else; when nothing changed since the last call it does nothing.
set -eu
cd "$(dirname "$0")/.."
kind="$1"
python="${PYTHON:-python3}"

fail() { printf '%s\n' "$@" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "LeadHub needs Python 3.11 or later as python3 (or PYTHON=/path/to/python3.11 make up)."

wanted="$(cat requirements/build.txt requirements/base.txt "requirements/$kind.txt" pyproject.toml | cksum)"
stamp=".venv/.installed-$kind"
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        fail "Python's venv module is missing. Install it and try again:" "  sudo apt-get install python3-venv"
    echo "Installing python3-venv …"
    apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
fi

echo "Installing the locked packages into .venv …"
[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
pip() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"; }
pip --require-hashes -r requirements/build.txt -r "requirements/$kind.txt"
pip --no-deps --no-build-isolation --editable .
echo "$wanted" >"$stamp"
