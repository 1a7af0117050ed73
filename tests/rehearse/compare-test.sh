#!/usr/bin/env bash
# compare-test.sh
#
# Has compare.sh compare this commit with changes of it, in a clone that has a tag of a release:
# what only adds must pass, and what breaks the Rust API or the C ABI must not.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/../tools.sh"
require compare-test git
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$root" "$work/clone"
cd "$work/clone"
git config user.name rehearsal
git config user.email rehearsal@example.com
commit() { git commit -qam "$1"; }
fail() {
  echo "compare-test: FAILED: $*: $(cat "$work/output")" >&2
  exit 1
}
compare() { "$here/compare.sh" "$work/clone" >"$work/output" 2>&1; }
said() { grep -q "$1" "$work/output"; }

for tag in $(git tag --list 'v*'); do git tag -d "$tag" >/dev/null; done
git tag v0.0.1
{ compare && said 'no earlier release'; } || fail 'the tag of HEAD itself'

cat >>core/src/lib.rs <<'RUST'

/// Added.
pub const ADDED: u8 = 1;
RUST
cat >>ffi/src/status.rs <<'RUST'

/// Added.
#[unsafe(no_mangle)]
pub extern "C" fn mjwt_added(value: u32) -> u32 {
    value
}
RUST
commit Add
{ compare && said 'semver-checks: .* keeps what v0.0.1' && said 'abidiff: .* keeps what v0.0.1'; } || fail 'an addition'

git tag v0.0.2
sed -i 's/pub const ADDED: u8/const _ADDED: u8/' core/src/lib.rs
commit 'Break the Rust API'
if compare || ! said 'pub_module_level_const_missing' || ! said 'abidiff: .* keeps'; then fail 'a constant less'; fi
git reset -q --hard v0.0.2
sed -i 's/mjwt_added(value: u32)/mjwt_added(value: u64)/; s/^    value$/    value as u32/' ffi/src/status.rs
commit 'Break the C ABI by a type'
if compare || ! said 'mjwt_added' || ! said 'semver-checks: .* keeps'; then fail 'another type'; fi
git reset -q --hard v0.0.2
sed -i 's/mjwt_added/mjwt_renamed/' ffi/src/status.rs
commit 'Break the C ABI by a name'
if compare || ! said 'mjwt_added' || ! said 'semver-checks: .* keeps'; then fail 'a function less'; fi
echo 'compare-test: an addition passes; an API or an ABI that breaks does not'
