# Sourced by the shell scripts: what they need, checked in one place.
# shellcheck shell=sh

# require WHO TOOL...    ends with status 2 unless all the tools are there, and names all that are
#                        not
require() {
  who=$1
  shift
  lacking=
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || lacking="$lacking $tool"
  done
  if [ -n "$lacking" ]; then
    echo "$who: missing:$lacking (\`make setup\` installs what Debian has, and says where to get the rest)" >&2
    exit 2
  fi
}

# require_libraries WHO NAME...    the same for libraries that pkg-config knows
require_libraries() {
  who=$1
  shift
  lacking=
  for library in "$@"; do
    pkg-config --exists "$library" || lacking="$lacking $library"
  done
  if [ -n "$lacking" ]; then
    echo "$who: missing libraries:$lacking (\`make setup\` installs what Debian has)" >&2
    exit 2
  fi
}

# at_least MINIMUM TEXT    whether the first version number in the text is that or a newer one
at_least() {
  found=$(echo "$2" | grep -oE '[0-9]+(\.[0-9]+)+' | head -1)
  [ -n "$found" ] && [ "$(printf '%s\n' "$1" "$found" | sort -V | head -1)" = "$1" ]
}

# lacking_packages FILE...    the Debian packages that the files name and that are not installed
lacking_packages() {
  sort -u "$@" | while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
  done
}

# require_packages WHO FILE...    as require, for Debian packages
require_packages() {
  who=$1
  shift
  lacking=$(lacking_packages "$@" | tr '\n' ' ')
  if [ -n "$lacking" ]; then
    echo "$who: missing Debian packages: $lacking(\`make setup\` installs them)" >&2
    exit 2
  fi
}

# shellcheck disable=SC2034 # For lint.sh and advisories.sh.
cargo_deny_version=0.20.2

# cargo_tool NAME VERSION [FLAGS]    sets $tool to a program from crates.io in exactly that version.
#                                    The first call builds it, into a cache outside of the project,
#                                    since that takes minutes.
cargo_tool() {
  tool=${XDG_CACHE_HOME:-$HOME/.cache}/mastra-jwt/$1-$2/bin/$1
  if [ ! -x "$tool" ]; then
    echo "building $1 $2, once (some minutes)" >&2
    # shellcheck disable=SC2086 # One word each.
    env -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET cargo install --quiet --locked --version "$2" ${3:-} \
      --root "${tool%/bin/*}" "$1" || exit 2
  fi
}

# need_chromium SCRIPT: sets and exports CHROMIUM, the browser to drive; ends the script where there
# is none.
need_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
  [ -n "$CHROMIUM" ] || { echo "$1: missing: chromium (make setup installs it on Debian)" >&2; exit 2; }
  export CHROMIUM
}

# run_tests [FILE...]: the Node tests in the working directory (all), without the settings of
# whoever runs them.
run_tests() {
  unset JWT_AUTH_SECRET MASTRA_JWT_SECRET MASTRA_JWT_BACKEND NODE_ENV NODE_OPTIONS
  [ $# -gt 0 ] || set -- *.test.mjs
  # The limit is there to end a test that hangs.
  node --test --test-reporter=spec --test-timeout=600000 "$@"
}
