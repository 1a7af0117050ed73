# The Conan recipe: its own test program, with the shared and the static library.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
require tests/c python3
venv=$target/conan-venv
if ! cmp -s "$here/requirements.txt" "$venv/.installed"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  quietly "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/.installed"
fi
export CONAN_HOME="$work/conan" CARGO_TARGET_DIR="$target/conan"
unset PKG_CONFIG_PATH LD_LIBRARY_PATH
quietly "$venv/bin/conan" profile detect
for shared in True False; do
  # The recipe's directory stays as it is: built elsewhere, and no CMakeUserPresets.json.
  quietly "$venv/bin/conan" create ffi/package/conan -o "mjwt/*:shared=$shared" \
    -c "tools.cmake.cmake_layout:test_folder=$work/test_package" -c tools.cmake.cmaketoolchain:user_presets=
  grep -q '^{"sub":"me"}$' "$work/output" || { cat "$work/output"; fail "the test program of the Conan recipe"; }
done
