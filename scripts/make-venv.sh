#!/usr/bin/env bash
# Makes the virtual environment $2 with the Python 3.11 called $1, or with another name for it.
set -euo pipefail
for python in "$1" python3.11 python3; do
  if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))'; then
    [ -x "$2/bin/python" ] || "$python" -m venv "$2"
    exit 0
  fi
done
echo "Cần Python 3.11. / Python 3.11 is needed: apt-get install python3.11 python3.11-venv" >&2
exit 4
