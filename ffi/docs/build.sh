#!/bin/sh
# The reference of libmjwt, made from include/mjwt.h by doxygen: target/doc-c/html and
# target/doc-c/man/man3.
set -eu
cd "$(dirname "$0")/../.."
. tests/tools.sh
require doc-c doxygen awk
out=${CARGO_TARGET_DIR:-target}/doc-c
version=$(sed -n 's/^#define MJWT_VERSION_STRING "\(.*\)"$/\1/p' include/mjwt.h)

rm -rf "$out"
mkdir -p "$out"
{
  cat ffi/docs/Doxyfile
  echo "OUTPUT_DIRECTORY = $out"
  echo "PROJECT_NUMBER = $version"
} | doxygen -

# One page for each function and type. On macOS a macro's page could not be beside that of its
# function twin. A date would make each build another.
cd "$out/man/man3"
for page in *; do
  case $page in
  mjwt*) sed -i.old "1s/^\(\.TH \"[^\"]*\" 3\) .*/\1 \"\" \"libmjwt $version\" \"libmjwt\"/" "$page" \
    && rm "$page.old" ;;
  *) rm "$page" ;;
  esac
done
