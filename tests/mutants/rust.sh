#!/usr/bin/env bash
# rust.sh [ARGUMENT...]    mutation testing of core and ffi. The arguments are those of
#                          cargo-mutants: -f core/src/key.rs, or --in-diff FILE. Fails when a mutant
#                          lives; all of them are listed in target/mutants.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools.sh
cargo_tool cargo-mutants 27.1.0
arguments=("$@")

# mutate NAME TESTS ARGUMENT...    tries the mutants with these tests; only what they need is built
mutate() {
  local name=$1 tests=$2 status=0 build=(-C=--lib)
  shift 2
  for test in $tests; do build+=("-C=$test"); done
  "$tool" mutants -o "target/mutants/$name" --minimum-test-timeout 10 "${build[@]}" "$@" "${arguments[@]}" || status=$?
  # 3 says that tests ran out of time, which is how a loop without end is caught.
  [ $status -eq 0 ] || [ $status -eq 3 ] || failed+=("$name")
}

mkdir -p target/mutants
failed=()
mutate core '--test=vectors --test=allocations' -p mastra-jwt-core -E 'impl Drop|wipe_stack'
# cargo-mutants does not leave out the fields that are deleted: `vectors` catches those.
mutate core-memory '--test=memory --test=vectors' -p mastra-jwt-core -F 'impl Drop|wipe_stack'
mutate ffi --tests -p mastra-jwt-ffi
[ ${#failed[@]} -eq 0 ] || { echo "mutants live: ${failed[*]}" >&2; exit 1; }
