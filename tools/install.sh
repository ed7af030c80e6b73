#!/usr/bin/env bash
# Makes .venv as requirements*.txt describe it. Needs python3 and its venv module, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  if ! trouble=$(python3 -m venv .venv 2>&1); then
    rm -rf .venv
    printf '%s\n' "$trouble" >&2
    echo "Python's venv module is missing: install it first (Debian: apt-get install python3-venv)." >&2
    exit 1
  fi
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
echo "Installing requirements-dev.txt into .venv …"
.venv/bin/python -m pip install --quiet --requirement requirements-dev.txt
touch .venv/.installed
