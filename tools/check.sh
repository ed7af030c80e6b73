#!/usr/bin/env bash
# Everything that can be checked without running the house, fastest first; stops at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"

step() {
  local name=$1 begun=$SECONDS
  shift
  if "$@"; then
    printf '  %-28s %4d s  ok\n' "$name" $((SECONDS - begun))
  else
    printf '  %-28s %4d s  FAILED\n' "$name" $((SECONDS - begun))
    exit 1
  fi
}

shell_scripts_parse() {
  local script
  for script in $(git ls-files '*.sh' '.ci/run'); do
    bash -n "$script" || return 1
  done
}

document_is_fresh() {
  local made
  made=$(mktemp)
  # The schema describes the code, not the machine: no database is asked.
  python manage.py spectacular --validate --fail-on-warn --file "$made" || return 1
  diff -u docs/openapi.yaml "$made" || {
    echo "docs/openapi.yaml is not what the code says: run make docs." >&2
    return 1
  }
  rm -f "$made"
}

step "shell scripts parse" shell_scripts_parse
step "ruff format" ruff format --check --quiet .
step "ruff check" ruff check --quiet .
step "import contracts" lint-imports --no-cache
step "mypy --strict" mypy
step "migrations are complete" python manage.py makemigrations --check --dry-run
step "openapi is what the code says" document_is_fresh
step "tables in docs are fresh" python -m tools.document --check
