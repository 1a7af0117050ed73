#!/bin/sh
# latest.sh DEST
#
# Writes to DEST the package.json of newest/ with the newest @mastra/core that npm has, and with the
# newest of the other @mastra packages in their major versions; and its lock file. Prints these
# versions. The rest stays pinned: what is new is Mastra.
set -eu
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cp "$here/newest/package.json" .
sed -n 's/^ *"\(@mastra\/[^"]*\)": "\(.*\)".*/\1 \2/p' package.json | while read -r package pinned; do
  # npm's tag `latest` of @mastra/server is on a version for a core before 1.0.
  case $package in @mastra/core) range=latest ;; *) range=^$pinned ;; esac
  version=$(npm view "$package@$range" version --json | node -p '[JSON.parse(fs.readFileSync(0))].flat().at(-1)')
  sed -i "s|\"$package\": \"$pinned\"|\"$package\": \"$version\"|" package.json
  echo "latest.sh: $package $version (pinned: $pinned)"
done
npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
