#!/bin/sh
# run.sh TARBALLS [options] [test file ...]     the packed mastra-jwt, in place of @mastra/auth
# run.sh --reference [options] [test file ...]  @mastra/auth itself, to see that the tests ask
#                                               for what it does
#
#   TARBALLS        the folder with mastra-jwt-<version>.tgz and mastra-jwt-<platform>-<version>.tgz
#   --line LINE     newest or oldest: one Mastra only; latest: what npm has today in place of what
#                   newest/ pins
#   --node MAJOR    22 or 24: one Node only
#   --keep FOLDER   install there and leave it, for a quick second run
#
# Without options: the newest Mastra on Node 22 and 24, the oldest on Node 22. The exit code is 0
# when all passed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fail() { echo "tests/mastra: $1" >&2; exit 2; }
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }

[ $# -gt 0 ] || usage
case $1 in -h | --help) usage ;; esac
tarballs=$1; shift
line='' node='' keep=''
while [ $# -gt 0 ]; do
  case $1 in
    --line) line=${2:?--line wants newest, oldest or latest}; shift 2 ;;
    --node) node=${2:?--node wants 22 or 24}; shift 2 ;;
    --keep) keep=${2:?--keep wants a folder}; shift 2 ;;
    -*) usage ;;
    *) break ;;
  esac
done
. "$here/../tools.sh"
require tests/mastra node npm curl
for file in "$@"; do [ -f "$here/suite/$file" ] || fail "there is no test file suite/$file"; done

"$here/../runtimes/install.sh"
runtimes=$(cd "$here/../runtimes/node_modules" && pwd)
PATH=$runtimes/node-22/bin:$PATH # npm and the tests' own tools run on a Node that Mastra takes
export PATH
if [ -n "$keep" ]; then mkdir -p "$keep"; work=$(cd "$keep" && pwd)
else work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; trap 'exit 130' INT TERM; fi

export AUTH_PACKAGE=@mastra/auth MASTRA_TELEMETRY_DISABLED=1
unset JWT_AUTH_SECRET MASTRA_JWT_SECRET MASTRA_DEV MASTRA_LICENSE_KEY NODE_ENV NODE_OPTIONS
[ "$tarballs" != --reference ] || AUTH_PACKAGE='mastra-auth-reference'

failed='' installed=''
for pair in newest:22 newest:24 oldest:22 latest:24; do
  mastra=${pair%:*} major=${pair#*:}
  case $line:$mastra in
    "$mastra:$mastra") ;;
    :latest) continue ;; # Only where it is asked for.
    :*) ;;
    *) continue ;;
  esac
  [ -z "$node" ] || [ "$node" = "$major" ] || continue
  case $installed in *"$mastra"*) ;; *)
    echo "== installing the $mastra Mastra"
    project=$here/$mastra
    if [ "$mastra" = latest ]; then project=$work/project && "$here/latest.sh" "$project"; fi
    "$here/install.sh" "$project" "$tarballs" "$work/$mastra"
    installed="$installed $mastra" ;;
  esac
  cp "$here"/suite/*.mjs "$work/$mastra"
  binary=$runtimes/node-$major/bin/node
  echo "== $mastra Mastra on Node $("$binary" --version), $AUTH_PACKAGE"
  (
    cd "$work/$mastra"
    if [ $# -gt 0 ]; then :
    else
      for file in *.test.mjs; do
        case $tarballs:$file in --reference:additions.* | --reference:package.*) continue ;; esac # It has none of that.
        set -- "$@" "$file"
      done
    fi
    # The limit is there to end a test that hangs.
    "$binary" --test --test-reporter=spec --test-timeout=1200000 "$@"
  ) || failed="$failed $pair"
done
[ -n "$installed" ] || fail "no pair of Mastra and Node fits --line ${line:-any} --node ${node:-any}"
[ -z "$failed" ] || { echo "tests/mastra: failed for$failed" >&2; exit 1; }
echo 'tests/mastra: all passed'
