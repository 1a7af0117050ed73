#!/bin/sh
# notices.sh CRATE TARGET FILE
#
# Writes to FILE the licences of all that is linked into the binary of a crate (a directory: core, ffi, node) for a target.
# Fails when a dependency has a licence that about.toml does not accept.
set -eu
[ $# -eq 3 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/tools.sh"
require notices cargo
cargo_tool cargo-about 0.9.3 '--features cli'
manifest=$root/$1/Cargo.toml
# Offline means that only the crates' own licence files are read, not a service's opinion of them.
cargo fetch --quiet --locked --manifest-path "$manifest"
"$tool" generate --locked --offline --manifest-path "$manifest" --target "$2" --config "$root/.ci/notices/about.toml" \
  --output-file "$3" "$root/.ci/notices/about.hbs"
