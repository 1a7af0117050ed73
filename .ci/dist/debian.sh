#!/bin/sh
# debian.sh SUITE ARCHITECTURE DIRECTORY PACKAGE...
#
# Unpacks Debian packages of any suite and architecture into DIRECTORY. It needs no root, installs
# nothing, and leaves the machine's dpkg and apt as they are. Their dependencies are not followed.
set -eu
[ $# -ge 4 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/tools.sh"
require debian apt-get dpkg-deb
suite=$1 architecture=$2 directory=$3
shift 3
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f $keys ] || { echo "debian: missing: $keys (package debian-archive-keyring)" >&2; exit 2; }

if grep -qsxF "$*" "$directory/.debian/$suite-$architecture"; then exit; fi
mkdir -p "$directory/.debian"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/sources"
touch "$work/status" # As if nothing were installed.
# The mirror that this machine uses, for its own good reasons; else Debian's.
mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | grep -v '^#' \
  | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1) || true
mirror=${mirror:-http://deb.debian.org/debian}
mirror=${mirror%/}
entry() { printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$1" "$2" $keys; }
{
  entry "$mirror" "$suite"
  entry "$mirror-security" "$suite-security"
} >"$work/sources/debian.sources"
apt() {
  apt-get -qq -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" \
    -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources" -o Dir::Etc::preferencesparts=/dev/null \
    -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" -o APT::Sandbox::User= "$@"
}
apt update
(cd "$work/cache" && apt download "$@")
for package in "$work"/cache/*.deb; do dpkg-deb -x "$package" "$directory"; done
echo "$*" >>"$directory/.debian/$suite-$architecture"
