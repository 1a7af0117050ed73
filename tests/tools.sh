# Sourced by the shell scripts: what they need, checked in one place.
# shellcheck shell=sh

# require WHO TOOL...    ends with status 2 unless all the tools are there, and names all that are not
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
