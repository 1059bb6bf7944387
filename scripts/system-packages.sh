#!/usr/bin/env bash
# Installs the Debian packages named that are missing; without root or sudo, says which they are.
set -euo pipefail

missing=()
for package in "$@"; do
  case "$package" in
    # Any Python 3.11 will do, Debian's or one built by hand.
    python3-venv) "${PYTHON:-python3.11}" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$package") ;;
    *) dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package") ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root=(sudo)
else
  {
    echo "Thiếu các gói Debian: ${missing[*]}. Hãy nhờ người quản trị chạy lệnh sau rồi chạy lại:"
    echo "Missing Debian packages: ${missing[*]}. Ask an administrator to run this, then run the command again:"
    echo "    apt-get install ${missing[*]}"
  } >&2
  exit 4
fi
echo "Cài các gói Debian / installing Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
  "${as_root[@]}" apt-get update --quiet=2 >/dev/null
  "${as_root[@]}" apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}" >/dev/null
}
