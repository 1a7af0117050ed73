#!/usr/bin/env bash
# npm.sh DIST [npm publish's options]
#
# Publishes the npm packages that `make dist` wrote into DIST: those of the platforms first, so that
# the main one is never without them. Leaves alone what the registry has with the same bytes, and
# stops where it has others.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
. "$(dirname "$0")/../../tests/tools.sh"
require npm.sh npm node tar openssl
dist=$(cd "$1" && pwd)
shift
main=("$dist"/npm/mastra-jwt-[0-9]*.tgz)
if [ ${#main[@]} != 1 ] || [ ! -f "${main[0]}" ]; then
  echo "npm.sh: not one mastra-jwt-VERSION.tgz in $dist/npm" >&2
  exit 2
fi
mapfile -t platforms < <(find "$dist/npm" -name 'mastra-jwt-[a-z]*.tgz' | LC_ALL=C sort)
[ ${#platforms[@]} -gt 0 ] || { echo "npm.sh: no packages of platforms in $dist/npm" >&2; exit 2; }

for tarball in "${platforms[@]}" "${main[@]}"; do
  package=$(tar -xzOf "$tarball" package/package.json \
    | node -p 'const it = JSON.parse(fs.readFileSync(0)); it.name + "@" + it.version')
  ours=sha512-$(openssl dgst -sha512 -binary "$tarball" | base64 -w0)
  # A version that is not there is an empty answer; a package that is not there is the error E404.
  if ! theirs=$(npm view "$package" dist.integrity --json 2>/dev/null); then
    case $theirs in *E404*) theirs= ;; *) echo "npm.sh: no answer about $package: $theirs" >&2; exit 1 ;; esac
  fi
  case $theirs in
  '') npm publish "$tarball" --ignore-scripts --access public "$@" && echo "npm.sh: published $package" ;;
  "\"$ours\"") echo "npm.sh: $package is published already" ;;
  *) echo "npm.sh: the registry has another $package: $theirs, not $ours" >&2; exit 1 ;;
  esac
done
