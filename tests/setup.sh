#!/usr/bin/env bash
# setup.sh [demo|test|lint|platforms|rehearse]
#
# Sees that all that `make demo`, `make test` (without an argument), `make lint`,
# `make test-platforms` or `make rehearse` needs is there, and names all that is not. Then installs
# what Debian has with apt, as root or with sudo. NO_SETUP=1 only checks.
set -euo pipefail
cd "$(dirname "$0")"
. ./tools.sh
scope=${1:-test}
case $scope in
  demo) packages=(demo-packages.txt mastra/apt-packages.txt) ;;
  platforms) packages=(demo-packages.txt platforms/packages.txt) ;;
  rehearse) packages=(demo-packages.txt rehearse/packages.txt) ;;
  lint) packages=(demo-packages.txt lint-packages.txt c/apt-packages.txt) ;;
  test) packages=(demo-packages.txt ./*/apt-packages.txt) ;;
  *) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

missing=()
need() { # need COMMAND MINIMUM VERSION-TEXT WHERE-FROM
  at_least "$2" "$3" || missing+=("$1 $2 or newer (found: ${found:-none}): $4")
}
need cargo 1.88 "$(cargo --version 2>/dev/null)" https://rustup.rs
need node 20.19 "$(node --version 2>/dev/null)" https://nodejs.org
need npm 10.0 "$(npm --version 2>/dev/null)" https://nodejs.org
if [ "$scope" != demo ]; then
  need clippy 0.1 "$(cargo clippy --version 2>/dev/null)" 'rustup component add clippy'
  need rustfmt 1.0 "$(rustfmt --version 2>/dev/null)" 'rustup component add rustfmt'
  need go 1.25 "$(go version 2>/dev/null)" https://go.dev/dl
fi
mapfile -t lacking < <(lacking_packages "${packages[@]}")
if ! command -v apt-get >/dev/null && [ "$scope" = demo ] && command -v cc >/dev/null \
  && command -v curl >/dev/null; then
  lacking=() # Not Debian, and all is there.
fi

if [ ${#lacking[@]} -gt 0 ]; then
  if [ -n "${NO_SETUP:-}" ] || ! command -v apt-get >/dev/null; then
    missing+=("what these Debian packages have: ${lacking[*]}")
    lacking=()
  fi
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'setup: missing: %s\n' "${missing[@]}" "${lacking[@]/%/ (apt-get would install it)}" >&2
  exit 1
fi
[ ${#lacking[@]} -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${lacking[@]}")
echo "setup: ${install[*]}"
"${as_root[@]}" apt-get update -qq
"${install[@]}" >/dev/null
