#!/usr/bin/env bash
# Sees that all the tests need is there. What Debian packages have is installed with apt, given root; what else is missing is named.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
need() { # need COMMAND MINIMUM VERSION-TEXT WHERE-FROM
  local found
  found=$(grep -oE '[0-9]+(\.[0-9]+)+' <<<"$3" | head -1) || true
  if [ -z "$found" ] || [ "$(printf '%s\n' "$2" "$found" | sort -V | head -1)" != "$2" ]; then
    missing+=("$1 $2 or newer (found: ${found:-none}): $4")
  fi
}
need cargo 1.88 "$(cargo --version 2>/dev/null)" https://rustup.rs
need clippy 0.1 "$(cargo clippy --version 2>/dev/null)" 'rustup component add clippy'
need rustfmt 1.0 "$(rustfmt --version 2>/dev/null)" 'rustup component add rustfmt'
need node 20.19 "$(node --version 2>/dev/null)" https://nodejs.org
need npm 10.0 "$(npm --version 2>/dev/null)" https://nodejs.org
need go 1.25 "$(go version 2>/dev/null)" https://go.dev/dl
if [ ${#missing[@]} -gt 0 ]; then
  printf 'setup: missing: %s\n' "${missing[@]}" >&2
  exit 1
fi

mapfile -t packages < <(cat ./*/apt-packages.txt | sort -u)
lacking=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || lacking+=("$package")
done
[ ${#lacking[@]} -gt 0 ] || exit 0
echo "setup: installing ${lacking[*]}"
if ! command -v apt-get >/dev/null; then
  echo 'setup: no apt-get here: install what these Debian packages hold by your own means' >&2
  exit 1
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null
