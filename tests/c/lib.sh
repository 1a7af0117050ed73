# Sourced by run.sh: what the steps share. They also have $root, $here, $vectors, $target, $prefix
# (an installed libmjwt), $shared and $static (flags that link it), and $work (an empty directory,
# removed afterwards).
# shellcheck shell=sh disable=SC2154

warnings='-Wall -Wextra -Wpedantic -Werror'
memcheck='valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all'

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Runs a command whose output is only wanted when it fails: quietly <command...>
quietly() {
  "$@" >"$work/output" 2>&1 || { cat "$work/output"; fail "$*"; }
}

# Runs a command that must fail, with a text in what it prints: expect_failure <text> <command...>
expect_failure() {
  text=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    fail "succeeded and must not: $*"
  fi
  grep -q "$text" "$work/output" || { cat "$work/output"; fail "no \"$text\" from: $*"; }
}

# compile <compiler and flags> <name> <link flags>
# shellcheck disable=SC2086 # All the words of a list of flags are flags.
compile() {
  $1 -g -std=gnu11 $warnings "$here/$2.c" -pthread -o "$work/$2" $3
}

# Runs the example programs of a directory: use_examples <directory>
use_examples() {
  MJWT_SECRET=supersecretdevkeythatishs256safe!
  export MJWT_SECRET
  token=$("$1/mint" alice 60)
  "$1/verify" "Bearer $token" 2>"$work/output" | grep -q '^{"sub":"alice",' || fail "$1/verify"
  grep -q '^subject: alice$' "$work/output" || fail "$1/verify tells no subject"
  "$1/threads" "$token" | grep -q '^4000 of 4000 accepted$' || fail "$1/threads"
  expect_failure '^SIGNATURE: ' "$1/verify" "Bearer ${token%?????}AAAAA"
  expect_failure '^EXPIRED: ' "$1/verify" "Bearer $("$1/mint" alice -1)"
  expect_failure '^NO_BEARER: ' "$1/verify" "$token"
  # shellcheck disable=SC2086 # One word each.
  quietly $memcheck "$1/verify" "Bearer $token"
  use_rotate "$1/rotate" "$token"
  use_server "$1/server" "$token" "$("$1/mint" alice -1)"
}

# The example that changes keys: use_rotate <program> <token>
use_rotate() {
  good='{"kty":"oct","kid":"good","k":"c3VwZXJzZWNyZXRkZXZrZXl0aGF0aXNoczI1NnNhZmUh"}'
  other='{"kty":"oct","kid":"other","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}'
  mkdir -p "$work/sets"
  (
    cd "$work/sets" || exit
    echo "{\"keys\":[$good]}" >old
    echo "{\"keys\":[$other,$good]}" >both
    echo "{\"keys\":[$other,{\"kty\":\"oct\",\"k\":\"!\"}]}" >bad
    echo "{\"keys\":[$other]}" >new
    "$1" "$2" old both bad old >said 2>errors || { cat said errors; fail "rotate refuses a token"; }
    printf '%s: %s, all accepted\n' old 'in use' both 'in use' bad 'not used' old 'in use' | diff - said \
      || fail "rotate"
    grep -q '^bad: the JWK Set is malformed: key 1: ' errors || { cat errors; fail "rotate does not say what is bad"; }
    if "$1" "$2" old new bad >said 2>errors; then fail "rotate accepts a token of a key that is gone"; fi
    printf '%s: %s\n' old 'in use, all accepted' new 'in use, all refused' bad 'not used, all refused' \
      | diff - said || fail "rotate"
  )
}

# The example server: use_server <program> <token> <expired token>
use_server() {
  rm -f "$work/server-output"
  mkfifo "$work/server-input"
  "$1" 0 <"$work/server-input" >"$work/server-output" &
  server=$!
  exec 3>"$work/server-input"
  until grep -qs '^listening on ' "$work/server-output"; do
    kill -0 $server || fail "$1 does not start"
    sleep 0.1
  done
  url=$(sed -n 's/^listening on //p' "$work/server-output")
  # answers <status> <text in headers or body> <curl arguments...>
  answers() {
    wanted=$1 text=$2
    shift 2
    got=$(curl -sS -i "$@") || fail "no answer: $*"
    case $got in
    "HTTP/1.1 $wanted "*"$text"*) ;;
    *) fail "$wanted with $text wanted, not: $got" ;;
    esac
  }
  answers 200 '{"sub":"alice",' "$url/me" -H "Authorization: Bearer $2"
  answers 401 'WWW-Authenticate: Bearer realm="api"' "$url/me"
  answers 401 'error="invalid_token", error_description="the token has expired"' "$url/me" -H "Authorization: bearer $3"
  answers 401 'WWW-Authenticate: Bearer realm="api"' "$url/me" -H "Authorization: Bearer $2" \
    -H "authorization: Bearer $2"
  answers 403 forbidden "$url/admin" -H "Authorization: Bearer $2"
  answers 404 'not found' "$url/you" -H "Authorization: Bearer $2"
  answers 405 'not allowed' "$url/me" -H "Authorization: Bearer $2" -X DELETE
  exec 3>&-
  wait $server || fail "$1 ends with $?"
  rm "$work/server-input"
}

# Runs a program that links libmjwt: it must print its claims, and be linked as told: runs
# <shared|static> <program>
runs() {
  [ "$("$2")" = '{"sub":"me"}' ] || fail "$2 does not verify a token"
  linked=static
  if readelf -d "$2" | grep -q 'NEEDED.*libmjwt\.so\.0'; then linked=shared; fi
  [ $linked = "$1" ] || fail "$2 is linked $linked, not $1"
}

# Builds the consumer project with CMake and runs it: cmake_consumer <build directory> <CMake
# arguments...>
cmake_consumer() {
  build=$1
  shift
  quietly cmake -S "$here/consumer" -B "$build" "$@"
  quietly cmake --build "$build"
  runs shared "$build/app-shared"
  runs static "$build/app-static"
}

# The same with Meson, and a library of its subprojects/ if it has one: meson_consumer <project>
# <shared|static> <arguments...>
meson_consumer() {
  project=$1 kind=$2
  shift 2
  cp "$here"/consumer/app.c "$here"/consumer/meson.build "$project"
  quietly meson setup "$project" "$project/build-$kind" -Ddefault_library="$kind" "$@"
  quietly meson compile -C "$project/build-$kind"
  runs "$kind" "$project/build-$kind/app"
}
