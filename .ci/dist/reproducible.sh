#!/usr/bin/env bash
# reproducible.sh [PLATFORM...]
#
# Builds the last commit twice, in two directories of other names with another HOME each, and fails
# unless `make dist` wrote the same bytes. Without platforms: one for each format of binaries. The
# tools (target/tools) are the same for both.
set -euo pipefail
. "$(dirname "$0")/tools.sh"
require reproducible git go cmp tar
[ $# -gt 0 ] || set -- linux-x64-gnu darwin-arm64 win32-x64
work=$root/target/reproducible
rm -rf "$work"
mkdir -p "$work"
export DIST_TOOLS XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
GOMODCACHE=$(go env GOMODCACHE)
export GOMODCACHE
unset CARGO_HOME CARGO_TARGET_DIR
commit=$(git -C "$root" rev-parse HEAD) # There may be another when the second build begins.
for name in one another/directory; do
  mkdir -p "$work/$name/home"
  git clone -q "$root" "$work/$name/source"
  git -C "$work/$name/source" checkout -q "$commit"
  (export HOME=$work/$name/home && cd "$work/$name/source" && .ci/dist/dist.sh "$work/$name/files" "$@")
done
a=$work/one/files b=$work/another/directory/files
if cmp -s "$a/SHA256SUMS" "$b/SHA256SUMS"; then
  echo "reproducible: $(wc -l <"$a/SHA256SUMS") files are the same in both: $*"
  exit
fi
# Which files, and of an archive which in it.
while read -r file; do
  echo "reproducible: $file differs" >&2
  case $file in
  *.tar.gz | *.tgz | *.crate)
    for side in one another; do
      mkdir -p "$work/unpacked/$side/$file"
    done
    tar -xzf "$a/$file" -C "$work/unpacked/one/$file"
    tar -xzf "$b/$file" -C "$work/unpacked/another/$file"
    # Nothing here: the files in it are the same, and the times or the order in the archive are not.
    diff -rq "$work/unpacked/one/$file" "$work/unpacked/another/$file" >&2 || true
    ;;
  *) cmp "$a/$file" "$b/$file" >&2 || true ;;
  esac
done < <(diff "$a/SHA256SUMS" "$b/SHA256SUMS" | sed -n 's/^[<>] [0-9a-f]*  //p' | sort -u)
exit 1
