#!/usr/bin/env bash
# Drops samples/ into the inbox of a home for show and sweeps it through the Prefect flow. Safe to run again.
set -euo pipefail
giaoviec=$1
home=$2
[ -f "$home/.demo" ] && rm -rf "$home"
mkdir -p "$home/inbox"
touch "$home/.demo"
cat >"$home/giaoviec.toml" <<'TOML'
# Cơ quan của mình: mọi danh sách bắt đầu bằng việc của cơ quan này. / Our own body.
[[own_bodies]]
name = "Tỉnh Khánh Hòa"
predecessors = ["Tỉnh Ninh Thuận"]
TOML
for file in samples/*; do
  case "$file" in
    *.pdf | *.docx | *.html | *.txt | *.tif | *.tiff | *.jpg | *.png) cp "$file" "$home/inbox/" ;;
  esac
done
# 3: some were set aside, as the sample with a secrecy mark must be.
"$giaoviec" --home "$home" sweep || [ $? -eq 3 ]
"$giaoviec" --home "$home" next
