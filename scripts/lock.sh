#!/usr/bin/env bash
# Resolves pyproject.toml in fresh environments and writes requirements.txt and requirements-test.txt:
# exact versions of everything, no addresses of an index.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

freeze() { # extras target header
  "$1" -m pip freeze --exclude-editable --all | grep -viE '^(pip|giaoviec)( |=|@)' | LC_ALL=C sort --ignore-case
}

"${1:-python3.11}" -m venv "$work/run"
"$work/run/bin/pip" install --quiet --disable-pip-version-check 'setuptools>=77' .
{
  echo "# Exact versions of what giaoviec runs on. Made by 'make lock' from pyproject.toml; not edited by hand."
  freeze "$work/run/bin/python"
} >"$work/requirements.txt"
"$work/run/bin/pip" install --quiet --disable-pip-version-check --constraint "$work/requirements.txt" '.[test]'
{
  echo "# What the tests need besides. Made by 'make lock' from pyproject.toml; not edited by hand."
  freeze "$work/run/bin/python" | grep -vxFf "$work/requirements.txt"
} >"$work/requirements-test.txt"
"$work/run/bin/pip" check
mv "$work/requirements.txt" "$work/requirements-test.txt" .
rm -rf build ./*.egg-info
