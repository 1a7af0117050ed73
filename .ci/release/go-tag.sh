#!/usr/bin/env bash
# go-tag.sh DIST
#
# Makes a commit on top of HEAD that has in ffi/go the Go module as `make dist` wrote it into
# DIST/go, and tags it ffi/go/vVERSION, as Go wants for a module in a subdirectory. The working tree
# and the branch stay as they are. Pushes nothing.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
. "$(dirname "$0")/../../tests/tools.sh"
require go-tag.sh git node
module=$(cd "$1/go" && pwd)
[ -f "$module/mjwt/link_bundled.go" ] || { echo "go-tag.sh: no Go module in $module" >&2; exit 2; }
cd "$(dirname "$0")/../.."
tag=ffi/go/v$(node -p 'require("./node/package.json").version')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_INDEX_FILE=$work/index GIT_AUTHOR_NAME=mastra-jwt GIT_AUTHOR_EMAIL=noreply@github.com
GIT_AUTHOR_DATE=$(git log -1 --format=%cI)
export GIT_AUTHOR_DATE GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL \
  GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
git read-tree HEAD
git rm -rq --cached ffi/go
# Into an empty directory, with its own ignore file left out: the WebAssembly module is ignored in a
# checkout.
mkdir -p "$work/tree/ffi"
cp -R "$module" "$work/tree/ffi/go"
git --work-tree="$work/tree" add --force ffi/go
commit=$(git commit-tree "$(git write-tree)" -p HEAD -m "The Go module as it is published: $tag")
if old=$(git rev-parse -q --verify "refs/tags/$tag^{tree}"); then
  [ "$old" = "$(git rev-parse "$commit^{tree}")" ] || { echo "go-tag.sh: there is another $tag" >&2; exit 1; }
  echo "go-tag.sh: $tag is there already"
else
  git tag "$tag" "$commit"
  echo "go-tag.sh: $tag is $commit"
fi
